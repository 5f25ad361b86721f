"""Probes: the process answers; the service can do its work; neither tells of the inside."""

from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tests.calling import INSIDE, assert_problem


def test_healthz_touches_nothing(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")


def test_readyz_is_ready(client, db):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ready"}
    assert not INSIDE.search(answer.content.decode())


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
