"""Names that are written as text must exist: what is rung, timed, told and explained."""

import ast
import re
import tomllib

from django.conf import settings

from assessments.models import OPEN, Assessment
from config.celery import app
from events.models import ABOUT, SUBJECTS, Kind
from suppliers import models as suppliers

README = (settings.BASE_DIR / "README.md").read_text()
OURS = [
    "assessments",
    "config",
    "contractors",
    "events",
    "questionnaires",
    "ratings",
    "retention",
    "suppliers",
]
SOURCES = [path for app_ in OURS for path in (settings.BASE_DIR / app_).rglob("*.py")]


def rung():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("bell.ring"):
                yield from (each.value for each in node.args if isinstance(each, ast.Constant))


def test_every_name_rung_is_a_task_that_the_clock_finds_too():
    app.loader.import_default_modules()
    timed = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert set(rung())
    assert set(rung()) <= timed <= set(app.tasks)


def test_every_task_of_ours_is_in_the_timetable():
    app.loader.import_default_modules()
    own = {name for name in app.tasks if name.partition(".")[0] in OURS}

    assert own == {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_every_kind_has_a_subject_and_stands_in_the_readme():
    for kind in Kind:
        assert ABOUT.get(kind, kind.partition(".")[0]) in SUBJECTS
        assert f"`{kind.value}`" in README


def test_every_setting_of_the_environment_stands_in_the_readme():
    source = "".join(path.read_text() for path in (settings.BASE_DIR / "config").rglob("*.py"))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    read |= set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', source))

    assert {"DATABASE_URL", "SECRET_KEY", "EMAIL_URL"} <= read
    told = {name for name in read if f"`{name}`" in README}
    assert told == read - {"DJANGO_SETTINGS_MODULE"}


def test_every_make_target_stands_in_the_readme():
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, re.M))

    assert {"demo", "test"} <= targets
    assert {target for target in targets if f"make {target}" in README} == targets


def test_the_layers_name_every_package():
    contracts = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    named = set(contracts["tool"]["importlinter"]["root_packages"])
    packages = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}

    assert named == packages - {"tests", "tools"}


def test_suppliers_and_assessments_mean_the_same_by_open():
    assert set(suppliers.OPEN) == {status.value for status in OPEN}
    assert Assessment._meta.get_field("supplier").remote_field.related_name == "assessments"
