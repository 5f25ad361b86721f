"""Probes: the process answers; the service can do its work; neither tells of the inside."""

import socket
import time
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from assessments.models import Mail
from config.celery import app
from events.models import Freeze, Worker
from tests.calling import INSIDE, assert_problem
from tests.factories import ContactFactory


def test_healthz_touches_nothing(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.fixture
def well(db, broker):
    """All that the service wishes for: a broker, and a worker that was seen."""
    Worker.objects.note("celery@one", now=timezone.now())


def test_readyz_is_ready(client, well):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready"}
    assert not INSIDE.search(answer.content.decode())


def degraded(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert not INSIDE.search(answer.content.decode())
    return answer.json()["degraded"]


def test_without_a_broker_it_is_degraded_and_says_so_soon(client, db):
    Worker.objects.note("celery@one", now=timezone.now())
    began = time.monotonic()

    assert degraded(client) == ["broker"]
    assert time.monotonic() - began < 3


def test_a_broker_that_hangs_holds_the_probe_no_longer_than_a_second(client, well):
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        app.conf.update(broker_url=f"redis://127.0.0.1:{hanging.getsockname()[1]}/0")
        began = time.monotonic()

        assert degraded(client) == ["broker"]
        assert time.monotonic() - began < 3


def test_a_broker_that_still_loads_is_degraded_and_no_crash(client, well):
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=say_loading, args=[server], daemon=True).start()
        app.conf.update(broker_url=f"redis://127.0.0.1:{server.getsockname()[1]}/0")

        assert degraded(client) == ["broker"]


def say_loading(server):
    with suppress(OSError):
        while True:
            line, _ = server.accept()
            while line.recv(4096):
                line.sendall(b"-LOADING Redis is loading the dataset in memory\r\n" * 4)


def test_what_is_late_is_told(client, well, settings):
    contact, now = ContactFactory.create(), timezone.now()
    for waits in (settings.LATE_AFTER - 60, settings.LATE_AFTER + 1):
        assert client.get("/readyz").json() == {"status": "ready"}
        Mail.objects.create(
            contractor=contact.contractor, contact=contact, due_at=now - timedelta(seconds=waits)
        )

    assert degraded(client) == ["late"]


def test_without_a_worker_that_works_it_is_degraded(client, well, settings):
    Worker.objects.update(seen_at=timezone.now() - timedelta(seconds=settings.LATE_AFTER))
    assert degraded(client) == ["worker"]

    Worker.objects.all().delete()
    assert degraded(client) == ["worker"]


def test_a_restored_copy_that_was_not_released_is_told(client, well):
    Freeze.objects.create(frozen_at=timezone.now(), reason="restored")

    assert degraded(client) == ["frozen"]


def test_readyz_tells_a_migration_that_is_missing(committed):
    MigrationRecorder(connections["owner"]).record_unapplied("suppliers", "0001_initial")

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    assert_problem(answer)
    assert answer.json()["code"] == "not-ready"
    assert answer.json()["failed"] == ["migrations"]


def test_readyz_tells_a_role_that_may_do_too_much(committed):
    role = connection.settings_dict["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'GRANT UPDATE ON events_event TO "{role}"')

    answer = Client().get("/readyz")

    assert answer.json()["failed"] == ["role"]
    assert "events_event" not in answer.content.decode()


def test_readyz_tells_a_database_that_is_away_while_healthz_is_well(committed):
    connections.close_all()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "nowhere"
    try:
        answers = [Client().get(path) for path in ("/readyz", "/healthz")]
    finally:
        connection.settings_dict["NAME"] = before
        connections.close_all()

    assert [answer.status_code for answer in answers] == [503, 200]
    assert_problem(answers[0])
    assert answers[0].json()["failed"] == ["database"]
    assert "nowhere" not in answers[0].content.decode()
