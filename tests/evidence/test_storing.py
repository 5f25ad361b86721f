"""No file without a row and no row without a file: in a directory, in a bucket, after any end."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import boto3
import pytest
import requests
from django.conf import settings as configured
from django.utils import timezone
from moto.server import ThreadedMotoServer

from suppliers.evidence import storing, sweeping
from suppliers.models import Evidence
from tests.conftest import free_port
from tests.evidence import making
from tests.evidence.sending import BOUNDARY, address, form, part, send
from tests.factories import SupplierFactory

BUCKET = "evidence-of-tests"


@pytest.fixture
def supplier(contractor):
    return SupplierFactory.create(contractor=contractor)


@pytest.fixture
def bucket(settings, monkeypatch):
    """A bucket of an S3-compatible server on this machine, as the settings would name it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    options = _settings_with(f"http://{host}:{port}")
    settings.STORAGES = settings.STORAGES | {"evidence": options}
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="ap-northeast-1")
    client.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
    )
    yield client
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=9)
    server.stop()


def _settings_with(endpoint):
    """What config/settings.py makes of the environment."""
    told = "import json, config.settings as s; print(json.dumps(s.EVIDENCE_STORAGE))"
    env = os.environ | {
        "EVIDENCE_S3_BUCKET": BUCKET,
        "EVIDENCE_S3_ENDPOINT": endpoint,
        "EVIDENCE_S3_REGION": "ap-northeast-1",
    }
    made = subprocess.run(
        [sys.executable, "-c", told],
        env=env,
        cwd=configured.BASE_DIR,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(made.stdout)


def test_a_directory_holds_random_names_that_nobody_else_can_read(api, supplier, folder):
    send(api, supplier, making.pdf(), "秘密の名前.pdf")

    [file] = [path for path in folder.rglob("*") if path.is_file()]
    assert file.read_bytes() == making.pdf()
    assert len(file.name) == 40
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert Evidence.objects.get().stored_as == str(file.relative_to(folder))


def test_no_address_leads_to_a_file(api, supplier, client):
    send(api, supplier, making.pdf())
    name = Evidence.objects.get().stored_as

    for path in (f"/{name}", f"/static/{name}", f"/media/{name}", f"/evidence/{name}"):
        assert client.get(path).status_code == 404


def test_a_bucket_holds_what_a_directory_would(bucket, api, supplier, strike):
    made = send(api, supplier, making.pdf())

    [stored] = bucket.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert stored["Key"] == Evidence.objects.get().stored_as
    assert b"".join(api.get(made["Location"] + "download/")) == making.pdf()
    api.delete(made["Location"])
    strike()
    assert "Contents" not in bucket.list_objects_v2(Bucket=BUCKET)


def test_a_bucket_that_is_away_is_told(bucket, api, supplier):
    bucket.delete_bucket(Bucket=BUCKET)

    answer = send(api, supplier, making.pdf())

    assert (answer.status_code, answer.json()["code"]) == (503, "storage-unavailable")
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("where", ["folder", "bucket"])
def test_files_without_a_row_are_swept_when_they_are_old(where, request, api, supplier, kept):
    request.getfixturevalue(where)
    send(api, supplier, making.pdf())
    with open(__file__, "rb") as file:
        orphan = storing.put(storing.measured(file), now=timezone.now())

    early = sweeping.drop_orphans(now=timezone.now())
    late = sweeping.drop_orphans(now=timezone.now() + timedelta(hours=3))

    assert (early, late) == (0, 1)
    assert kept() == [Evidence.objects.get().stored_as] != [orphan]


@contextmanager
def served(env, folder):
    """The web server as it is run, with a directory of its own for evidence."""
    port = free_port()
    env = env | {"PORT": str(port), "EVIDENCE_DIR": str(folder), "WEB_WORKERS": "1"}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
    process = subprocess.Popen(command, env=env, cwd=configured.BASE_DIR, start_new_session=True)
    try:
        _wait(port)
        yield port, process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(port):
    for _attempt in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("The web server did not start.")


def request_of(api, supplier, content, name):
    body = form(part(content, name))
    key = api._credentials["HTTP_AUTHORIZATION"]
    head = (
        f"POST {address(supplier)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {key}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def exchange(port, text):
    """Send this much and no more; what comes back until the end."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as there:
        there.sendall(text)
        there.shutdown(socket.SHUT_WR)
        answer = b""
        while part_of_it := there.recv(65536):
            answer += part_of_it
    return answer


def test_an_upload_that_is_cut_anywhere_leaves_nothing(
    service_env, api, contractor, tmp_path, supplier
):
    content = making.picture(size=(500, 500))
    text = request_of(api, supplier, content, "a.png")
    start = text.index(b"\r\n\r\n") + 4
    with served(service_env, tmp_path / "served") as (port, _process):
        for percent in range(0, 100, 10):
            answer = exchange(port, text[: start + (len(text) - start) * percent // 100])
            assert not answer.startswith(b"HTTP/1.1 2"), percent
        answer = exchange(port, text[:-2])  # all but the end of its last line
        assert not answer.startswith(b"HTTP/1.1 2")
        assert Evidence.objects.count() == 0
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]

        assert exchange(port, text).startswith(b"HTTP/1.1 201")

    assert Evidence.objects.count() == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_kill_at_any_moment_leaves_nothing_that_the_sweep_does_not_find(
    service_env, api, contractor, tmp_path, supplier, settings
):
    place = tmp_path / "evidence"
    before = set(os.listdir("/tmp"))
    for number, after in enumerate((0.05, 0.15, 0.3, 0.5)):
        with served(service_env, place) as (port, process):
            text = request_of(api, supplier, making.pdf(pages=number + 1), "a.pdf")
            with socket.create_connection(("127.0.0.1", port), timeout=60) as there:
                there.sendall(text)
                time.sleep(after)
                os.killpg(process.pid, signal.SIGKILL)
    time.sleep(1)  # the database ends what was open

    sweeping.drop_orphans(now=timezone.now() + timedelta(hours=3))

    rows = set(Evidence.objects.values_list("stored_as", flat=True))
    files = {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}
    assert files == rows
    assert not {name for name in set(os.listdir("/tmp")) - before if "upload" in name}
