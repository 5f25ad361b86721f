"""An import is taken back within a day, and everything is as it was before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contractors.actors import SYSTEM
from events.models import Operation
from events.operating import CHUNK
from suppliers import registering
from suppliers.models import Contact, ImportChange, Supplier
from tests.importing.companies import happened, of, refused, stored, turn


@pytest.fixture
def known(contractor):
    """A supplier that was there before, with one contact."""
    contact = {"email": "old@x.example", "name": "前"}
    fields = {"code": "OLD", "name": "前の名", "tags": ["a"], "employees": 5}
    return registering.create(
        contractor, {**fields, "contacts": [contact]}, actor=SYSTEM, now=timezone.now()
    )


HEADING = ["取引先コード", "会社名", "タグ", "社内システムへの接続", "メール", "担当者", "電話"]
ROWS = [
    ["NEW", "新しい", "b", "", "new@x.example", "新", ""],
    ["OLD", "次の名", "b c", "はい", "old@x.example", "次", "03-1234-5678"],
    ["OLD", "", "", "", "second@x.example", "二", ""],
    ["NEW", "", "", "", "more@x.example", "", ""],
]


def test_an_undone_import_leaves_everything_as_it_was_before(known, imported, undo, finished):
    before = stored()
    operation = imported(*ROWS, heading=HEADING)
    assert stored() != before

    ended = finished(undo(operation))

    assert (ended["kind"], ended["status"]) == ("undo.suppliers", "succeeded")
    assert (ended["counts"]["removed"], ended["counts"]["changed"]) == (1, 1)
    assert stored() == before
    assert not ImportChange.objects.exists()


def test_what_is_taken_back_has_happened_and_makes_ratings_due(known, imported, undo, strike):
    operation = imported(*ROWS, heading=HEADING)
    seen = len(happened())
    new = Supplier.objects.get(code="NEW").public_id

    undo(operation)
    strike()

    changed = ["contacts", "exposure_system_access", "name", "tags"]
    assert happened()[seen:] == [("supplier.updated", changed), ("supplier.removed", [])]
    assert not Supplier.objects.filter(public_id=new).exists()


def test_the_corrected_sheet_can_be_imported_after_an_undo(imported, undo, finished):
    operation = imported(["K-1", "誤り", "a@x.example"])
    finished(undo(operation))

    again = imported(["K-1", "正しい", "a@x.example"])

    assert again["counts"]["created"] == 1
    assert Supplier.objects.get().name == "正しい"


def test_a_second_undo_is_the_first_one(api, imported, undo, finished):
    operation = imported(["K-1", "星", "a@x.example"])

    first, double = undo(operation), undo(operation)
    finished(first)
    later = undo(operation)

    assert first["Location"] == double["Location"] == later["Location"]
    assert Operation.objects.filter(kind="undo.suppliers").count() == 1
    assert [kind for kind, _changed in happened()].count("supplier.removed") == 1


def test_people_that_a_sheet_of_contacts_added_or_changed_are_as_before(
    known, imported, undo, finished
):
    before = stored()
    rows = [["OLD", "次", "old@x.example"], ["OLD", "新", "new@x.example"]]
    operation = imported(*rows, heading=["取引先コード", "氏名", "メール"], kind="contacts")
    assert Contact.objects.count() == 2

    ended = finished(undo(operation))

    assert (ended["kind"], ended["counts"]["changed"]) == ("undo.contacts", 1)
    assert stored() == before
    assert happened()[-1] == ("supplier.updated", ["contacts"])


def test_after_a_day_it_is_too_late_and_what_stood_before_is_forgotten(
    known, imported, undo, strike
):
    operation = imported(*ROWS, heading=HEADING)
    ended = timezone.now() - timedelta(hours=24, minutes=1)
    Operation.objects.update(closed_at=ended)

    assert refused(undo(operation)) == "undo-too-late"
    assert refused(undo(operation, dry_run=True)) == "undo-too-late"
    assert ImportChange.objects.exists()
    strike(timezone.now() + timedelta(hours=26))
    assert not ImportChange.objects.exists()
    assert refused(undo(operation)) == "undo-too-late"


def test_what_was_done_of_a_cancelled_import_can_be_undone(api, undo, finished):
    answer = of(api, *[[f"K-{n}", "星", ""] for n in range(2001)])
    turn()
    api.post(f"{answer['Location']}cancel/")
    assert Supplier.objects.count() == 2000

    ended = finished(undo(answer.json()))

    assert ended["counts"]["removed"] == 2000
    assert not Supplier.objects.exists()


def test_the_queries_of_an_undo_do_not_grow_with_its_rows(imported, undo):
    def queries(count, start):
        rows = [[f"Q{start + n}", "社", f"q{n}@x.example"] for n in range(count)]
        operation = imported(*rows)
        with CaptureQueriesContext(connection) as taken:
            assert undo(operation).status_code == 202
            turn()
        return len(taken)

    # Django removes rows by hundreds, and a chunk has two of them at most.
    assert queries(101, 0) == queries(CHUNK, 1000) <= 85
