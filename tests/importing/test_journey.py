"""A sheet of certifications goes in over HTTP, a worker does its rows, and the result says all."""

import json

import pytest
from django.utils import timezone

from events.models import Event, Operation, OperationChunk
from suppliers.models import Certification, CertificationStep, Supplier
from tests.factories import CertificationFactory, ContractorFactory, SupplierFactory
from tests.importing.sheets import HEADING, csv, send, told, xlsx


@pytest.fixture
def suppliers(contractor):
    return [SupplierFactory.create(contractor=contractor, code=f"K-{n:03}") for n in range(1, 6)]


def happened():
    """All events but those of the keys that ask."""
    return list(Event.objects.exclude(kind="api_key.created").order_by("sequence"))


def lines(api, operation):
    address = operation["result_url"].partition("/api/")[2]
    answer = api.get(f"/api/{address}", headers={"Accept": "application/x-ndjson"})
    assert answer["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.content.decode().splitlines()]


def test_a_sheet_becomes_certificates_events_and_due_ratings(api, suppliers, strike):
    sheet = csv(["K-001", "ISMS", "IS 12345", "2027-03-31"], ["K-002", "Pマーク", "", "R9.3.31"])

    answer = send(api, sheet)

    begun = answer.json()
    assert answer.status_code == 202
    assert answer["Location"] == f"/api/v1/operations/{begun['id']}/"
    assert int(answer["Retry-After"]) > 0
    assert (begun["kind"], begun["status"]) == ("import.certifications", "queued")
    assert begun["progress"] == {"done": 0, "total": 2}
    assert begun["result_url"] is None
    assert not Certification.objects.exists()

    strike()

    ended = api.get(answer["Location"]).json()
    assert (ended["status"], ended["progress"]) == ("succeeded", {"done": 2, "total": 2})
    assert ended["counts"] == {
        "created": 2, "changed": 0, "unchanged": 0, "removed": 0, "faulty": 0, "not_done": 0,
        "asked": 0, "unasked": 0,
    }  # fmt: skip
    assert (ended["errors"], ended["errors_total"]) == ([], 0)
    isms, pmark = Certification.objects.order_by("pk")
    assert (isms.supplier, isms.scheme, isms.number) == (suppliers[0], "isms", "IS 12345")
    assert (str(isms.valid_until), isms.source, isms.state) == ("2027-03-31", "import", "declared")
    assert str(pmark.valid_until) == "2027-03-31"
    assert isms.watch_at
    assert [step.act for step in CertificationStep.objects.all()] == ["declared"] * 2
    events = happened()
    assert [each.kind for each in events] == ["certification.declared"] * 2
    assert [each.subject_id for each in events] == [isms.public_id, pmark.public_id]
    assert {each.request_id for each in events} == {answer["X-Request-Id"]}
    assert {each.actor["type"] for each in events} == {"api_key"}
    [first, second] = lines(api, ended)
    assert first == {
        "row": 2,
        "status": "created",
        "subject": {
            "type": "certification",
            "id": str(isms.public_id),
            "url": f"http://127.0.0.1:8000/api/v1/certifications/{isms.public_id}/",
        },
        "errors": [],
    }
    assert second["row"] == 3


def test_what_was_sent_is_forgotten_once_it_is_done(api, suppliers, finished):
    finished(send(api, csv(["K-001", "ISMS", "secret number", "2027-03-31"])))

    [chunk] = OperationChunk.objects.all()
    assert (chunk.rows, chunk.done) == ([], True)
    assert "secret number" not in json.dumps(chunk.outcomes)


def test_the_ratings_of_those_concerned_become_due_once(api, suppliers):
    from suppliers.importing import beginning

    now = timezone.now()
    send(api, csv(["K-001", "ISMS", "1", ""], ["K-001", "Pマーク", "", ""]))

    for operation in beginning.claim(now=now.replace(year=2040)):
        beginning.go_on(operation, now=now)

    assert [each.rating_due_at for each in Supplier.objects.order_by("code")[:2]] == [now, None]


def test_a_thousand_rows_with_37_faults_store_nothing_and_tell_37_reasons(
    api, contractor, finished
):
    faulty = thousand(contractor)
    rows, bad = faulty

    ended = finished(send(api, xlsx(*rows), "一覧.xlsx"))

    assert ended["status"] == "failed"
    assert ended["counts"]["faulty"] == 37
    assert ended["counts"]["not_done"] == 963
    assert ended["errors_total"] == 37
    assert [each["row"] for each in ended["errors"]] == bad
    assert all(each["detail"] for each in ended["errors"])
    assert not Certification.objects.exists()
    assert not happened()
    assert [each["row"] for each in lines(api, ended) if each["status"] == "faulty"] == bad


def test_the_963_good_rows_alone_are_stored_where_that_is_wanted(api, contractor, finished):
    rows, bad = thousand(contractor)

    ended = finished(send(api, xlsx(*rows), "一覧.xlsx", only_good_rows="true"))

    assert ended["status"] == "succeeded"
    assert ended["progress"] == {"done": 1000, "total": 1000}
    assert (ended["counts"]["created"], ended["counts"]["faulty"]) == (963, 37)
    assert [each["row"] for each in ended["errors"]] == bad
    assert Certification.objects.count() == len(happened()) == 963
    assert len(lines(api, ended)) == 1000


def thousand(contractor):
    """A thousand rows below the heading, and the numbers of the 37 faulty ones among them."""
    Supplier.objects.bulk_create(
        SupplierFactory.build(contractor=contractor, code=f"S{n:04}") for n in range(1000)
    )
    bad = list(range(5, 5 + 37 * 27, 27))
    rows = []
    for number in range(2, 1002):
        row = [f"S{number - 2:04}", "Pマーク", f"{10_000_000 + number}", "2027-03-31"]
        if number in bad:
            place, wrong = [(0, "nobody"), (1, "???"), (3, "2027-02-31")][number % 3]
            row[place] = wrong
        rows.append(row)
    return rows, bad


def test_a_dry_run_tells_the_same_and_changes_nothing(api, suppliers, finished):
    CertificationFactory.create(
        supplier=suppliers[0], contractor=suppliers[0].contractor, number="10000001"
    )
    sheet = csv(
        ["K-001", "Pマーク", "10000001", ""],
        ["K-001", "Pマーク", "10000001", ""],
        ["K-002", "Pマーク", "10000002", "2027-02-31"],
        ["K-009", "Pマーク", "10000003", "昨日"],
        ["K-003", "Pマーク", "10000004", ""],
        ["K-003", "Pマーク", "10000004", ""],
    )

    preview = send(api, sheet, dry_run=True)

    assert preview.status_code == 200
    assert preview.json()["counts"] == {
        "created": 1, "changed": 0, "unchanged": 3, "removed": 0, "faulty": 2, "not_done": 0,
        "asked": 0, "unasked": 0,
    }  # fmt: skip
    assert Certification.objects.count() == 1
    assert not Operation.objects.exists()
    assert not happened()
    ended = finished(send(api, sheet, only_good_rows="true"))
    assert ended["counts"] == preview.json()["counts"]
    assert (ended["errors"], ended["errors_total"]) == (
        preview.json()["errors"], preview.json()["errors_total"],
    )  # fmt: skip


def test_a_dry_run_does_not_use_up_its_key(api, suppliers):
    sheet = csv(["K-001", "ISMS", "1", ""])

    preview = send(api, sheet, dry_run=True, key="one")
    real = send(api, sheet, key="one")
    again = send(api, sheet, key="one")

    assert (preview.status_code, real.status_code) == (200, 202)
    assert again.content == real.content
    assert again["Location"] == real["Location"]
    assert Operation.objects.count() == 1


def test_all_errors_of_a_row_come_at_once(api, suppliers):
    heading = [*HEADING, "発行日", "適用範囲"]
    rows = [["K-009", "???", "x" * 101, "13月", "明日", "y" * 1001], ["", "", "", "", "", "x"]]

    answer = send(api, csv(*rows, heading=heading), dry_run=True)

    assert told(answer) == [
        (2, "/rows/2/scheme", "invalid-choice"),
        (2, "/rows/2/number", "max-length"),
        (2, "/rows/2/scope", "max-length"),
        (2, "/rows/2/issued_on", "invalid"),
        (2, "/rows/2/valid_until", "invalid"),
        (2, "/rows/2/supplier", "does-not-exist"),
        (3, "/rows/3/supplier", "required"),
        (3, "/rows/3/scheme", "required"),
    ]


def test_sentences_are_in_the_readers_language(api, suppliers, finished):
    ended = finished(send(api, csv(["K-009", "ISMS", "x" * 101, ""])))
    address = f"/api/v1/operations/{ended['id']}/"

    japanese = api.get(address, headers={"Accept-Language": "ja"}).json()["errors"]
    english = api.get(address, headers={"Accept-Language": "en"}).json()["errors"]

    assert [each["code"] for each in english] == ["max-length", "does-not-exist"]
    assert english[0]["detail"] == "Give at most 100 characters here."
    assert japanese[0]["detail"] == "100文字以内で書いてください。"
    assert "code" not in {each["detail"] for each in japanese}


def test_the_same_sheet_again_changes_nothing(api, suppliers, finished):
    sheet = csv(["K-001", "ISMS", "ＩＳ １２３", "2027-03-31"], ["K-002", "その他", "", ""])
    finished(send(api, sheet))
    before = len(happened())

    again = finished(send(api, sheet))

    assert again["counts"]["unchanged"] == 2
    assert Certification.objects.count() == 2
    assert len(happened()) == before


def test_other_days_of_the_same_number_are_a_change_by_the_rules_of_changes(
    api, suppliers, finished
):
    row = CertificationFactory.create(
        contractor=suppliers[0].contractor, supplier=suppliers[0], scheme="isms", number="IS 1",
        state="verified", valid_until="2027-03-31", body="機関",
    )  # fmt: skip

    ended = finished(send(api, csv(["K-001", "ISO27001", "IS 1", "2030/3/31"])))

    row.refresh_from_db()
    assert ended["counts"]["changed"] == 1
    assert (str(row.valid_until), row.body) == ("2030-03-31", "機関")
    assert (row.state, row.verified_at) == ("declared", None)
    assert row.source == "supplier"
    [event] = happened()
    assert (event.kind, event.subject_id) == ("supplier.updated", suppliers[0].public_id)
    assert event.detail == {"certification": str(row.public_id), "act": "changed"}
    [step] = CertificationStep.objects.all()
    assert (step.act, step.detail) == ("changed", {"changed": ["valid_until"]})


def test_what_a_person_must_do_otherwise_is_an_error_of_the_row(api, suppliers, finished):
    CertificationFactory.create(
        contractor=suppliers[0].contractor, supplier=suppliers[0], number="10123456",
        state="renewal_pending", renewal_filed_on="2026-11-01", pending_until="2099-01-01",
    )  # fmt: skip
    CertificationFactory.create(
        contractor=suppliers[1].contractor, supplier=suppliers[1], number="10123456",
        issued_on="2026-01-01",
    )  # fmt: skip
    SupplierFactory.create(contractor=suppliers[0].contractor, code="OLD", status="archived")
    sheet = csv(
        ["K-001", "Pマーク", "10123456", "2028-01-01"],
        ["K-002", "Pマーク", "10123456", "2025-01-01"],
        ["OLD", "Pマーク", "10123456", ""],
    )

    ended = finished(send(api, sheet, only_good_rows="true"))

    assert [(each["pointer"], each["code"]) for each in ended["errors"]] == [
        ("/rows/2", "wrong-status"),
        ("/rows/3/valid_until", "before-issued"),
        ("/rows/4/supplier", "supplier-archived"),
    ]
    assert ended["counts"]["faulty"] == 3
    assert not happened()


def test_rows_that_contradict_each_other_are_not_guessed_about(api, suppliers):
    answer = send(
        api,
        csv(
            ["K-001", "ISMS", "IS 1", "2027-03-31"],
            ["K-001", "ISO27001", "ＩＳ　１", "2028-03-31"],
            ["Ｋ－００１", "ISMS", "IS 1", "2029-03-31"],
        ),
        dry_run=True,
    )

    assert told(answer) == [(3, "/rows/3", "contradiction"), (4, "/rows/4", "contradiction")]
    assert answer.json()["counts"]["created"] == 1


def test_another_contractors_suppliers_are_unknown(api, suppliers):
    SupplierFactory.create(contractor=ContractorFactory.create(), code="THEIRS")

    answer = send(api, csv(["THEIRS", "ISMS", "", ""]), dry_run=True)

    assert told(answer) == [(2, "/rows/2/supplier", "does-not-exist")]


def test_another_contractors_operation_is_missing_with_its_result(api, suppliers, finished, api_of):
    ended = finished(send(api, csv(["K-001", "ISMS", "", ""])))
    stranger = api_of(ContractorFactory.create())
    address = f"/api/v1/operations/{ended['id']}/"

    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}result/").status_code == 404
    assert stranger.post(f"{address}cancel/").status_code == 404
    assert stranger.get("/api/v1/operations/").json()["results"] == []


def test_what_comes_between_check_and_store_stops_an_import_before_its_chunk(
    api, suppliers, finished
):
    answer = send(api, csv(["K-001", "ISMS", "1", ""], ["K-002", "ISMS", "2", ""]))
    Supplier.objects.filter(code="K-002").update(status="archived")

    ended = finished(answer)

    assert ended["status"] == "failed"
    assert (ended["counts"]["faulty"], ended["counts"]["not_done"]) == (1, 1)
    assert not Certification.objects.exists()


def test_a_list_shows_operations_by_kind_and_status(api, suppliers, finished):
    finished(send(api, csv(["K-001", "ISMS", "1", ""])))
    send(api, csv(["K-001", "ISMS", "2", ""]))

    def found(query):
        return len(api.get(f"/api/v1/operations/?{query}").json()["results"])

    assert found("") == 2
    assert found("status=queued") == found("status=succeeded") == 1
    assert (found("kind=import.certifications"), found("kind=x")) == (2, 0)
