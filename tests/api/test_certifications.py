"""Certifications through the API: declared, read, corrected, checked, renewed, taken back."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from suppliers.models import Certification, State
from tests.factories import CertificationFactory, EvidenceFactory, SupplierFactory

LIST = "/api/v1/certifications/"
BEFORE = datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)
AFTER = datetime(2026, 3, 31, 15, 0, 0, tzinfo=UTC)
FIELDS = {
    "id", "supplier", "scheme", "number", "body", "scope", "edition", "accreditation",
    "scope_covers", "issued_on", "valid_until", "status", "source", "verified_at", "verified_by",
    "note", "evidence", "warnings", "registry",
}  # fmt: skip


@pytest.fixture
def supplier(contractor):
    return SupplierFactory.create(contractor=contractor)


@pytest.fixture
def declare(api, supplier):
    def declare(scheme="pmark", **fields):
        answer = api.post(below(supplier), {"scheme": scheme, **fields}, format="json")
        assert answer.status_code == 201, answer.json()
        return answer.json()

    return declare


@pytest.fixture
def document(supplier):
    return EvidenceFactory.create(contractor=supplier.contractor, supplier=supplier)


def below(supplier):
    return f"/api/v1/suppliers/{supplier.public_id}/certifications/"


def act(api, row, verb, body=None):
    return api.post(f"{LIST}{row['id']}/{verb}/", body or {}, format="json")


def errors(answer):
    assert answer.status_code == 400
    return {(each["pointer"], each["code"]) for each in answer.json()["errors"]}


def test_a_certificate_is_declared_with_what_people_type(api, supplier, document):
    answer = api.post(
        below(supplier),
        {
            "scheme": "pmark",
            "number": "10123456(05)",
            "issued_on": "令和7年4月1日",
            "valid_until": "2099年3月",
            "scope_covers": "yes",
            "evidence": [str(document.public_id)],
        },
        format="json",
    )

    told = answer.json()
    assert answer.status_code == 201
    assert answer["Location"].endswith(f"{LIST}{told['id']}/")
    assert told.keys() == FIELDS
    assert (told["number"], told["issued_on"]) == ("10123456(05)", "2025-04-01")
    assert (told["valid_until"], told["status"]) == ("2099-03-31", "declared")
    assert (told["source"], told["supplier"]) == ("contractor", str(supplier.public_id))
    assert told["evidence"] == [str(document.public_id)]
    assert (told["edition"], told["verified_by"]) == (None, None)
    assert api.get(f"{LIST}{told['id']}/").json() == told


def test_warnings_and_registries_are_told_in_the_callers_language(api, declare):
    row = declare("isms", edition="JIS Q 27001:2014", valid_until="2099-03-31")

    told = {}
    for language in ("ja", "en"):
        api.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        told[language] = api.get(f"{LIST}{row['id']}/").json()

    assert told["ja"]["edition"] == "2013"
    assert told["ja"]["status"] == "expired"
    codes = [each["code"] for each in told["ja"]["warnings"]]
    assert codes == [each["code"] for each in told["en"]["warnings"]]
    assert {"edition-void", "expired", "body-missing", "document-missing"} <= set(codes)
    assert "効力がなくなりました" in str(told["ja"]["warnings"])
    assert "void since 2025-10-31" in str(told["en"]["warnings"])
    assert told["ja"]["registry"] == {
        "name": "ISMS-AC 認証取得組織の検索",
        "url": "https://isms.jp/lst/ind/",
    }
    assert "register of certified" in told["en"]["registry"]["name"]


def test_a_scheme_without_a_public_place_has_no_registry(declare):
    assert declare("soc2")["registry"] is None


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati"])
def test_the_day_in_japan_decides_in_every_answer(zone, api, supplier, settings, monkeypatch):
    settings.TIME_ZONE = zone
    row = CertificationFactory.create(
        contractor=supplier.contractor, supplier=supplier, valid_until=date(2026, 3, 31)
    )
    seen = []

    for moment in (BEFORE, AFTER):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        one = api.get(f"{LIST}{row.public_id}/").json()["status"]
        counts = [
            len(api.get(f"{LIST}?status={status}").json()["results"])
            for status in ("declared", "expired")
        ]
        seen.append((one, counts))

    assert seen == [("declared", [1, 0]), ("expired", [0, 1])]


def test_lists_are_filtered(api, supplier, declare):
    isms = declare("isms", valid_until="2099-03-31")
    declare("pmark", valid_until="2099-12-31")
    declare("otasuketai")

    def found(query):
        answer = api.get(f"{LIST}?{query}")
        return [row["id"] for row in answer.json()["results"]]

    assert found("scheme=isms") == [isms["id"]]
    assert found("expires_before=2099-04-01") == [isms["id"]]
    assert found("expires_before=2099-03-31") == []
    assert found("status=verified") == []
    assert len(found("")) == 3
    other = SupplierFactory.create(contractor=supplier.contractor)
    assert api.get(below(other)).json()["results"] == []
    assert len(api.get(below(supplier) + "?scheme=pmark").json()["results"]) == 1


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/scheme", "required"),
        ({"scheme": "iso9001"}, "/scheme", "invalid-choice"),
        ({"scheme": "isms", "valid_until": "2026-02-30"}, "/valid_until", "no-such-day"),
        ({"scheme": "isms", "valid_until": "来年"}, "/valid_until", "invalid"),
        ({"scheme": "isms", "valid_until": "1826-01-01"}, "/valid_until", "out-of-range"),
        (
            {"scheme": "isms", "issued_on": "2026-04-02", "valid_until": "2026-04-01"},
            "/valid_until",
            "before-issued",
        ),
        ({"scheme": "isms", "status": "verified"}, "/status", "unknown-field"),
        ({"scheme": "isms", "points": 6}, "/points", "unknown-field"),
        ({"scheme": "isms", "evidence": [str(uuid.uuid4())]}, "/evidence/0", "does-not-exist"),
        ({"scheme": "isms", "evidence": ["x"]}, "/evidence/0", "invalid"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(api, supplier, body, pointer, code):
    answer = api.post(below(supplier), body, format="json")

    assert (pointer, code) in errors(answer)
    assert not Certification.objects.exists()


@pytest.mark.parametrize("whose", ["another supplier", "another contractor", "removed"])
def test_only_the_suppliers_own_documents_are_proof(api, supplier, declare, document, whose):
    foreign = {
        "another supplier": lambda: EvidenceFactory.create(contractor=supplier.contractor),
        "another contractor": EvidenceFactory.create,
        "removed": lambda: EvidenceFactory.create(
            contractor=supplier.contractor, supplier=supplier, removed_at=timezone.now()
        ),
    }[whose]()
    row = declare()

    verified = act(api, row, "verify", {"scope_covers": "yes", "document": str(foreign.public_id)})
    patched = api.patch(
        f"{LIST}{row['id']}/", {"evidence": [str(foreign.public_id)]}, format="json"
    )

    assert errors(verified) == {("/document", "does-not-exist")}
    assert errors(patched) == {("/evidence/0", "does-not-exist")}


def test_a_person_verifies_and_the_history_says_who_against_what(api, declare, document):
    row = declare("isms", valid_until="2099-03-31")

    told = act(
        api, row, "verify", {"scope_covers": "yes", "document": str(document.public_id)}
    ).json()

    [key] = document.contractor.keys.all()
    assert (told["status"], told["scope_covers"]) == ("verified", "yes")
    assert told["verified_by"] == {"type": "api_key", "id": str(key.public_id)}
    assert told["verified_at"].endswith("Z")
    assert told["evidence"] == [str(document.public_id)]
    checked, declared = api.get(f"{LIST}{row['id']}/history/").json()["results"]
    assert (checked["act"], declared["act"]) == ("verified", "declared")
    assert checked["document"] == str(document.public_id)
    assert (checked["scope_covers"], checked["points"]) == ("yes", None)
    assert checked["actor"] == told["verified_by"]


@pytest.mark.parametrize(
    ("scheme", "body", "found"),
    [
        ("isms", {"scope_covers": "yes"}, {("/document", "required")}),
        ("isms", {"scope_covers": "partly", "note": "x"}, {("/scope_covers", "invalid-choice")}),
        ("isms", {"note": "x"}, {("/scope_covers", "required")}),
        (
            "isms",
            {"scope_covers": "yes", "note": "x", "points": "3"},
            {("/points", "not-for-this-scheme")},
        ),
        (
            "soc2",
            {"scope_covers": "no"},
            {("/document", "required"), ("/points", "required")},
        ),
        ("soc2", {"scope_covers": "no", "note": "x", "points": 7}, {("/points", "max-value")}),
        ("soc2", {"scope_covers": "no", "note": "x", "points": -1}, {("/points", "min-value")}),
    ],
)
def test_a_check_says_all_that_a_check_needs(api, declare, scheme, body, found):
    answer = act(api, declare(scheme), "verify", body)

    assert errors(answer) == found


def test_of_other_schemes_the_checker_sets_the_points(api, declare):
    row = declare("tisax")

    answer = act(
        api, row, "verify", {"scope_covers": "yes", "note": "ポータルで確認", "points": "4.5"}
    )

    assert answer.json()["note"] == "ポータルで確認"
    assert Certification.objects.get().points == 450
    assert api.get(f"{LIST}{row['id']}/history/").json()["results"][0]["points"] == "4.50"


def test_a_rejection_needs_its_reason_and_tells_it(api, declare):
    row = declare()

    assert errors(act(api, row, "reject")) == {("/reason", "required")}
    told = act(api, row, "reject", {"reason": "登録簿に番号がありません。"}).json()

    assert (told["status"], told["warnings"]) == ("rejected", [])
    [step, _] = api.get(f"{LIST}{row['id']}/history/").json()["results"]
    assert (step["act"], step["reason"]) == ("rejected", "登録簿に番号がありません。")


@pytest.mark.parametrize(
    ("state", "verb", "body", "allowed"),
    [
        ("rejected", "verify", {"scope_covers": "yes", "note": "x"}, ["declared", "verified"]),
        ("verified", "reject", {"reason": "x"}, ["declared", "renewal_pending"]),
        (
            "withdrawn",
            "withdraw",
            {},
            ["declared", "verified", "renewal_pending", "expired"],
        ),
        (
            "rejected",
            "renew",
            {},
            ["declared", "verified", "renewal_pending", "expired"],
        ),
        ("withdrawn", "reconfirm", {}, ["declared", "verified"]),
    ],
)
def test_the_wrong_act_for_a_status_says_which_are_right(api, supplier, state, verb, body, allowed):
    made = CertificationFactory.create(
        contractor=supplier.contractor, supplier=supplier, state=State(state)
    )

    answer = act(api, {"id": made.public_id}, verb, body)

    assert answer.status_code == 409
    assert answer.json()["code"] == "wrong-status"
    assert answer.json()["allowed"] == allowed


def test_it_is_corrected_by_patch_and_checked_anew(api, declare):
    row = declare("pmark", valid_until="2099-03-31", edition=None)
    act(api, row, "verify", {"scope_covers": "yes", "note": "電話"})

    told = api.patch(
        f"{LIST}{row['id']}/", {"valid_until": "R80.3.31", "body": None}, format="json"
    ).json()

    assert (told["valid_until"], told["status"], told["body"]) == ("2098-03-31", "declared", "")
    [step, *_] = api.get(f"{LIST}{row['id']}/history/").json()["results"]
    assert (step["act"], step["changed"]) == ("changed", ["valid_until"])


def test_a_renewal_is_another_row(api, declare, document):
    row = declare("pmark", number="10123456(05)", valid_until="2099-03-31")

    renewed = act(api, row, "renew", {"number": "10123456(06)", "valid_until": "2099-12-31"})
    filed = act(
        api,
        row,
        "renew",
        {"renewal_filed_on": "2026-01-15", "evidence": [str(document.public_id)]},
    )

    assert (renewed.status_code, filed.status_code) == (201, 201)
    assert renewed["Location"].endswith(f"{renewed.json()['id']}/")
    assert renewed.json()["number"] == "10123456(06)"
    assert (filed.json()["status"], filed.json()["valid_until"]) == ("renewal_pending", None)
    assert len({each["id"] for each in (row, renewed.json(), filed.json())}) == 3


def test_a_filing_has_a_proof_and_no_days(api, declare):
    row = declare("pmark", valid_until="2099-03-31")

    unproven = act(api, row, "renew", {"renewal_filed_on": "2026-01-15"})
    both = act(api, row, "renew", {"renewal_filed_on": "2026-01-15", "valid_until": "2099-12"})

    assert (unproven.status_code, unproven.json()["code"]) == (409, "renewal-unproven")
    assert {pointer for pointer, _ in errors(both)} == {"/renewal_filed_on"}


def test_declarations_are_reconfirmed_certificates_are_not(api, declare):
    declared, held = declare("security_action_1", number="40123456789"), declare("pmark")

    assert act(api, declared, "reconfirm").status_code == 200
    refused = act(api, held, "reconfirm")

    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-to-reconfirm")


def test_what_is_taken_back_stays_in_sight(api, declare):
    row = declare()

    assert act(api, row, "withdraw").json()["status"] == "withdrawn"
    assert api.get(f"{LIST}?status=withdrawn").json()["results"][0]["id"] == row["id"]


def test_events_lead_to_the_certification(api, declare):
    row = declare()

    event = api.get("/api/v1/events/?after=0").json()["results"][-1]

    assert (event["kind"], event["subject"]["id"]) == ("certification.declared", row["id"])
    assert event["subject"]["url"].endswith(f"{LIST}{row['id']}/")
