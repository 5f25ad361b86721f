"""The composition is hardened, shows its health, and explains whatever it asks for."""

import re

import pytest
import yaml
from django.conf import settings

FILE = settings.BASE_DIR / "docker-compose.yml"
TEXT = FILE.read_text()
COMPOSITION = yaml.safe_load(TEXT)
SERVICES = COMPOSITION["services"]
LASTING = {name for name, service in SERVICES.items() if service["restart"] != "no"}


def variables(text):
    return set(re.findall(r"\$\{(\w+)", text))


def test_every_part_of_the_service_is_there():
    assert set(SERVICES) == {"postgres", "valkey", "prepare", "web", "worker", "beat"}
    assert SERVICES["postgres"]["image"] == "postgres:18"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nothing_runs_as_root_or_may_become_it(name):
    service = SERVICES[name]

    assert str(service["user"]).split(":")[0] not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["read_only"] is True


@pytest.mark.parametrize("name", sorted(LASTING))
def test_what_lasts_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_what_ends_is_waited_for_by_its_success():
    waiting = {"web", "worker", "beat"}

    assert set(SERVICES) - LASTING == {"prepare"}
    for name in waiting:
        assert SERVICES[name]["depends_on"]["prepare"] == {
            "condition": "service_completed_successfully"
        }


def test_only_the_preparation_knows_the_owner():
    knowing = {
        name for name, each in SERVICES.items() if "DATABASE_OWNER_URL" in each["environment"]
    }

    assert knowing == {"prepare"}


def test_the_worker_alone_may_erase():
    knowing = {
        name for name, each in SERVICES.items() if "DATABASE_ERASER_URL" in each["environment"]
    }

    assert knowing == {"prepare", "worker"}


def test_nothing_is_published_beyond_this_machine():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_variable_is_explained_and_every_explanation_used():
    explained = re.findall(r"^(\w+)=", (settings.BASE_DIR / ".env.example").read_text(), re.M)

    assert variables(TEXT) == set(explained)


def test_no_secret_has_a_default():
    required = set(re.findall(r"\$\{(\w+):\?\}", TEXT))

    assert variables(TEXT) - required == {"METRICS_TOKEN", "PORT"}
    assert "${METRICS_TOKEN:-}" in TEXT  # by default there is none, and so no page


def test_the_image_is_not_root_and_installs_by_hash():
    lines = (settings.BASE_DIR / "Dockerfile").read_text().splitlines()
    final = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM ")) :]

    assert any("--require-hashes" in line for line in lines)
    assert "USER 10001" in final
    assert any(line.startswith("HEALTHCHECK") for line in final)
