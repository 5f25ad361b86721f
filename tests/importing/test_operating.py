"""Long work by chunks: bounded, resumed, fenced, cancelled, given up."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contractors.actors import SYSTEM
from events import operating
from events.models import Event, Freeze, Operation, OperationChunk
from events.operating import CHUNK, MOST_TRIES, MOST_WAITING, STEPS, Order
from events.operation import MOST_ERRORS
from events.owed import LEASE
from events.recording import MANY
from suppliers.importing import beginning
from suppliers.models import Certification, Supplier
from tests.factories import EndpointFactory, SupplierFactory
from tests.importing.sheets import csv, send

KIND = "import.certifications"


@pytest.fixture
def import_of(api, contractor):
    """An import of so many rows, each of a supplier of its own."""

    def import_of(count, **fields):
        known = Supplier.objects.count()
        Supplier.objects.bulk_create(
            SupplierFactory.build(contractor=contractor, code=f"S{known + n:05}")
            for n in range(count)
        )
        rows = [[f"S{known + n:05}", "Pマーク", f"{10_000_000 + n}", ""] for n in range(count)]
        answer = send(api, csv(*rows), **fields)
        assert answer.status_code == 202, answer.json()
        return Operation.objects.get(public_id=answer.json()["id"])

    return import_of


def turn(now=None):
    """What one worker does when the bell rings once."""
    now = now or timezone.now()
    claimed = beginning.claim(now=now)
    for operation in claimed:
        beginning.go_on(operation, now=now)
    return bool(claimed)


def progress(operation):
    operation.refresh_from_db()
    return operation.status, operation.done


def test_a_turn_is_ten_chunks_and_then_others_have_theirs(import_of):
    first, second = import_of(STEPS * CHUNK + 1), import_of(1)

    turn()
    assert progress(first) == ("running", STEPS * CHUNK)
    turn()
    assert progress(second) == ("succeeded", 1)
    turn()

    assert progress(first) == ("succeeded", STEPS * CHUNK + 1)
    assert Certification.objects.count() == first.total + 1
    assert not turn()


def test_a_chunk_costs_the_same_queries_for_any_number_of_rows(import_of, contractor):
    EndpointFactory.create(contractor=contractor)

    def queries(count):
        import_of(count)
        with CaptureQueriesContext(connection) as taken:
            turn()
        return len(taken)

    # From as many events on they are written by COPY, which takes one call more.
    assert queries(MANY) == queries(CHUNK) <= 25


def test_what_is_killed_in_a_chunk_goes_on_where_it_stopped(import_of, monkeypatch):
    operation, now = import_of(2 * CHUNK + 1), timezone.now()
    keep = OperationChunk.save

    def dies(chunk, *args, **kwargs):
        keep(chunk, *args, **kwargs)
        if chunk.position == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(OperationChunk, "save", dies)
        with pytest.raises(KeyboardInterrupt):
            turn(now)
    assert progress(operation) == ("running", CHUNK)
    assert Certification.objects.count() == CHUNK

    assert not turn(now), "nobody takes it before its lease is over"
    turn(now + LEASE)

    assert progress(operation) == ("succeeded", 2 * CHUNK + 1)
    assert Certification.objects.count() == 2 * CHUNK + 1
    assert Event.objects.filter(kind="certification.declared").count() == 2 * CHUNK + 1


def test_a_worker_that_slept_over_its_lease_does_nothing(import_of):
    operation, now = import_of(1), timezone.now()
    [slow] = beginning.claim(now=now)
    [quick] = beginning.claim(now=now + LEASE)

    beginning.go_on(slow, now=now)
    assert progress(operation) == ("queued", 0)
    beginning.go_on(quick, now=now)

    assert progress(operation) == ("succeeded", 1)


def test_what_kills_every_worker_is_given_up(import_of, api):
    operation, now = import_of(1), timezone.now()
    for turns in range(MOST_TRIES):
        assert beginning.claim(now=now + turns * LEASE)

    turn(now + MOST_TRIES * LEASE)

    told = api.get(f"/api/v1/operations/{operation.public_id}/").json()
    assert told["status"] == "failed"
    assert [(each["row"], each["code"]) for each in told["errors"]] == [(None, "gave-up")]
    assert (told["errors_total"], told["counts"]["not_done"]) == (1, 1)
    assert not Certification.objects.exists()


def test_a_cancelled_import_keeps_what_is_done_and_names_it(import_of, api):
    operation = import_of(STEPS * CHUNK + 5)
    turn()
    address = f"/api/v1/operations/{operation.public_id}/"

    told = api.post(f"{address}cancel/").json()

    assert (told["status"], told["progress"]["done"]) == ("cancelled", STEPS * CHUNK)
    assert (told["counts"]["created"], told["counts"]["not_done"]) == (STEPS * CHUNK, 5)
    assert not turn(timezone.now() + timedelta(days=1))
    assert Certification.objects.count() == STEPS * CHUNK
    assert api.get(f"{address}result/").content.count(b'"created"') == STEPS * CHUNK
    assert not OperationChunk.objects.exclude(rows=[]).exists()
    again = api.post(f"{address}cancel/")
    assert (again.status_code, again.json()["code"]) == (409, "wrong-status")
    assert again.json()["allowed"] == ["queued", "running"]


def test_a_worker_in_the_middle_of_it_sees_the_cancel(import_of):
    operation, now = import_of(1), timezone.now()
    [claimed] = beginning.claim(now=now)
    operating.cancel(operation, now=now)

    beginning.go_on(claimed, now=now)

    assert progress(operation) == ("cancelled", 0)
    assert not Certification.objects.exists()


def test_progress_and_due_time_survive_a_turn_of_nothing(import_of):
    Freeze.objects.create(frozen_at=timezone.now(), reason="restored from a backup")
    operation = import_of(1)

    assert not turn()
    assert progress(operation) == ("queued", 0)


def test_the_eleventh_unfinished_operation_waits_for_another_to_end(import_of, api):
    for _ in range(MOST_WAITING):
        import_of(1)

    refused = send(api, csv(["S00000", "ISMS", "", ""]), key="one")
    turn()
    taken = send(api, csv(["S00000", "ISMS", "", ""]), key="one")

    assert (refused.status_code, refused.json()["code"]) == (409, "too-many-operations")
    assert taken.status_code == 202


@pytest.mark.django_db
def test_a_thousand_errors_are_listed_and_all_are_counted(contractor):
    error = {"row": 2, "pointer": "", "code": "x", "detail": "x"}
    outcomes = [
        {"row": n, "status": "faulty", "subject": None, "errors": [error]} for n in range(1500)
    ]

    operation = operating.refuse(
        Order(contractor, KIND, False, SYSTEM), outcomes, now=timezone.now()
    )

    assert (operation.faults, len(operation.errors)) == (1500, MOST_ERRORS)
    assert operation.counts == {"faulty": 1500}


def test_a_list_shows_twenty_errors_of_each(api):
    send(api, csv(*[["nobody", "ISMS", str(n), ""] for n in range(30)]))

    [told] = api.get("/api/v1/operations/").json()["results"]
    whole = api.get(f"/api/v1/operations/{told['id']}/").json()

    assert (len(told["errors"]), told["errors_total"]) == (20, 30)
    assert len(whole["errors"]) == 30
