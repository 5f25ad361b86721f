"""What was changed or used after an import is not taken from under those who did."""

import pytest
from django.utils import timezone

from events.models import Operation
from suppliers import opting_out
from suppliers.models import Supplier
from tests.factories import (
    AssessmentFactory,
    CertificationFactory,
    ContractorFactory,
    SupplierFactory,
)
from tests.importing.companies import happened, of, refused, rename, stored, turn
from tests.importing.sheets import csv, send


def reasons(operation):
    return [(each["row"], each["pointer"], each["code"]) for each in operation["errors"]]


SINCE = {
    "it was changed": ("changed-since", rename),
    "it was put away": (
        "changed-since",
        lambda api, row: api.post(f"/api/v1/suppliers/{row.public_id}/archive/"),
    ),
    "it was asked": (
        "in-use",
        lambda api, row: AssessmentFactory.create(supplier=row, contact=row.contacts.get()),
    ),
    "it has a certificate": (
        "in-use",
        lambda api, row: CertificationFactory.create(supplier=row, contractor=row.contractor),
    ),
    "its contact wants no mail": (
        "changed-since",
        lambda api, row: opting_out.opt_out(row.contacts.get(), now=timezone.now()),
    ),
    "another sheet changed it": (
        "changed-since",
        lambda api, row: api.put(
            f"/api/v1/suppliers/by-code/{row.code}/", {"name": "三つ目"}, "json"
        ),
    ),
}


@pytest.mark.parametrize("since", SINCE)
def test_one_supplier_that_was_built_on_keeps_the_whole_import(
    since, api, imported, undo, finished
):
    code, build = SINCE[since]
    operation = imported(*[[f"K-{n}", "星", f"a{n}@x.example"] for n in range(3)])
    build(api, Supplier.objects.get(code="K-1"))
    before, seen = stored(), happened()

    preview = undo(operation, dry_run=True).json()
    ended = finished(undo(operation))

    assert (ended["status"], ended["counts"]["not_done"]) == ("failed", 2)
    assert reasons(ended) == reasons(preview) == [(3, "/rows/3", code)]
    assert preview["counts"]["removed"] == 2
    assert ended["errors"][0]["detail"]
    assert (stored(), happened()) == (before, seen)


def test_the_untouched_alone_are_taken_back_where_that_is_wanted(api, imported, undo, finished):
    operation = imported(*[[f"K-{n}", "星", f"a{n}@x.example"] for n in range(3)])
    rename(api, Supplier.objects.get(code="K-1"))

    ended = finished(undo(operation, only_good_rows=True))

    assert (ended["counts"]["removed"], ended["counts"]["faulty"]) == (2, 1)
    assert [each.code for each in Supplier.objects.all()] == ["K-1"]


def test_a_change_between_two_chunks_of_the_import_is_seen(api, contractor, undo, finished):
    rows = [["K-0", "星", "first@x.example"]]
    rows += [[f"K-{n}", "星", f"a{n}@x.example"] for n in range(1, 2000)]
    answer = of(api, *rows, ["K-0", "", "last@x.example"])
    turn()
    rename(api, Supplier.objects.get(code="K-0"))
    operation = finished(answer)

    ended = finished(undo(operation))

    assert reasons(ended) == [(2, "/rows/2", "changed-since")]
    assert Supplier.objects.count() == 2000


def test_what_cannot_be_undone_is_refused_and_nothing_changes(
    api, contractor, imported, undo, finished
):
    SupplierFactory.create(contractor=contractor, code="OLD", name="前の名")
    certifications = finished(send(api, csv(["OLD", "ISMS", "1", ""])))
    nothing = imported(["OLD", "前の名", ""])
    running = of(api, ["K-1", "星", ""]).json()

    assert refused(undo(certifications)) == "not-undoable"
    assert refused(undo(nothing)) == "nothing-to-undo"
    answer = undo(running)
    assert refused(answer) == "wrong-status"
    assert answer.json()["allowed"] == ["succeeded", "failed", "cancelled"]
    assert not Operation.objects.filter(kind__startswith="undo.").exists()


def test_another_contractors_import_is_missing(imported, undo, api_of):
    operation = imported(["K-1", "星", ""])
    stranger = api_of(ContractorFactory.create())

    for query in ("", "?dry_run=true"):
        address = f"/api/v1/operations/{operation['id']}/undo/{query}"
        assert stranger.post(address, {}, "json").status_code == 404
    assert Supplier.objects.exists()


def test_unknown_words_in_the_body_are_refused(imported, undo):
    operation = imported(["K-1", "星", ""])

    assert undo(operation, everything=True).status_code == 400
    assert undo(operation, only_good_rows="vielleicht").status_code == 400
