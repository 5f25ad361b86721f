"""May an order be placed? Asked by a purchasing system."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import declining
from assessments.models import DeclineReason, Status
from ratings.models import Rating
from suppliers.models import Contact, State
from tests.api.clearance.asking import (
    DAY,
    FIELDS,
    FIRST_SECOND,
    KNOWN,
    LAST_SECOND,
    address,
    answered,
    asked,
    codes,
    today,
    told,
)
from tests.factories import (
    AnsweredFactory,
    CertificationFactory,
    HoldFactory,
    SupplierFactory,
)


def test_a_supplier_that_answered_well_is_clear(api, supplier):
    answered(supplier)

    clearance = told(api, supplier)

    assert clearance.keys() == FIELDS
    assert (clearance["status"], clearance["cleared"], clearance["reasons"]) == ("clear", True, [])
    assert (clearance["level"], clearance["grade"]) == ("low", "B")
    assert clearance["applies_to"] == "new_orders"
    assert clearance["policy"].keys() == {"key", "version", "digest"}
    assert clearance["as_of"].endswith("Z")
    assert date.fromisoformat(clearance["valid_until"]) > today() + 500 * DAY


def test_a_supplier_that_was_never_asked_is_reviewed_and_its_exposure_too(api, contractor):
    clearance = told(api, SupplierFactory.create(contractor=contractor))

    assert (clearance["status"], clearance["cleared"]) == ("review", True)
    assert (clearance["level"], clearance["grade"], clearance["as_of"]) == ("unknown", None, None)
    found = [(each["code"], each["turn"]) for each in clearance["reasons"]]
    assert found == [("never_asked", "contractor"), ("exposure_incomplete", "contractor")]
    assert all(each["detail"].keys() == {"ja", "en"} for each in clearance["reasons"])
    assert clearance["policy"]["key"] == "tasuki"


def test_a_request_that_was_taken_back_asks_nothing(api, supplier):
    asked(supplier, status=Status.DRAFT, invited_at=None)
    asked(supplier, status=Status.CANCELLED, due_on=date(2020, 1, 31))

    assert codes(api, supplier) == ["never_asked"]


def test_a_request_becomes_overdue_with_the_day_in_japan(api, supplier, at):
    asked(supplier, due_on=date(2026, 3, 31))
    at(LAST_SECOND)
    before = told(api, supplier)

    at(FIRST_SECOND)
    after = told(api, supplier)

    assert (before["status"], before["valid_until"]) == ("clear", "2026-03-31")
    assert (after["status"], after["valid_until"]) == ("review", None)
    assert [(each["code"], each["turn"]) for each in after["reasons"]] == [("overdue", "supplier")]


@pytest.mark.parametrize("status", [Contact.Status.BOUNCED, Contact.Status.OPTED_OUT])
def test_a_supplier_that_cannot_be_written_to_is_not_overdue(status, api, supplier):
    asked(supplier, due_on=date(2020, 1, 31), contact__status=status)

    assert told(api, supplier)["status"] == "clear"


def test_a_decline_ends_what_is_overdue_and_adds_nothing(api, supplier):
    request = asked(supplier, due_on=date(2020, 1, 31))
    assert codes(api, supplier) == ["overdue"]

    reason = DeclineReason.OTHER
    declining.decline(request, reason=reason, note="", now=timezone.now())

    assert codes(api, supplier) == []


def test_an_incident_that_was_told_is_no_reason(api, supplier, contractor):
    hiding = SupplierFactory.create(contractor=contractor, **KNOWN)
    profile = AnsweredFactory.profile
    answered(hiding)
    answered(supplier, profile=profile | {"14": "yes", "20": "no"})

    assert "incident_open" in Rating.objects.get(supplier=supplier).result["flags"]
    assert codes(api, supplier) == codes(api, hiding) == []


def test_a_required_certificate_counts_until_its_last_day_in_japan(api, supplier, at):
    required = [
        {"scheme": "isms", "necessity": "required"},
        {"scheme": "pmark", "necessity": "recommended"},
    ]
    asked(supplier, requirements={"required_certifications": required})
    at(LAST_SECOND)
    missing = told(api, supplier)
    row = CertificationFactory.create(
        contractor=supplier.contractor,
        supplier=supplier,
        scheme="isms",
        state=State.VERIFIED,
        valid_until=date(2026, 3, 31),
    )
    held = told(api, supplier)
    at(FIRST_SECOND)
    lapsed = told(api, supplier)
    row.state, row.rejection_reason = State.REJECTED, "番号が違います。"
    row.save(update_fields=["state", "rejection_reason"])
    at(LAST_SECOND)

    assert [(each["code"], each["turn"]) for each in missing["reasons"]] == [
        ("certification_missing", "supplier")
    ]
    assert "ISMS" in missing["reasons"][0]["detail"]["ja"]
    assert (held["status"], held["valid_until"]) == ("clear", "2026-03-31")
    assert lapsed["reasons"] == missing["reasons"] == told(api, supplier)["reasons"]


def test_the_newest_request_says_what_is_required(api, supplier):
    scheme = {"scheme": "isms", "necessity": "required"}
    asked(supplier, requirements={"required_certifications": [scheme]})
    assert codes(api, supplier) == ["certification_missing"]

    asked(supplier)

    assert codes(api, supplier) == []


def test_answers_are_stale_after_18_months_and_then_say_no_level(api, supplier, at):
    at(datetime(2026, 1, 31, 3, tzinfo=UTC))
    answered(supplier)
    at(datetime(2027, 7, 31, 14, 59, 59, tzinfo=UTC))
    before = told(api, supplier)
    at(datetime(2027, 7, 31, 15, tzinfo=UTC))
    after = told(api, supplier)

    assert (before["status"], before["level"]) == ("clear", "low")
    assert before["valid_until"] == "2027-07-31"
    assert (after["status"], after["level"]) == ("review", "unknown")
    assert [each["code"] for each in after["reasons"]] == ["answers_stale"]


def test_a_high_level_asks_for_talks_and_stops_nothing(api, supplier):
    exposed = dict.fromkeys(KNOWN, True)
    type(supplier).objects.filter(pk=supplier.pk).update(**exposed)
    supplier.refresh_from_db()
    answered(supplier, answers="not_done")

    clearance = told(api, supplier)

    assert (clearance["status"], clearance["cleared"]) == ("review", True)
    assert clearance["reasons"][0]["code"] == f"level_{clearance['level']}"


def test_the_answer_is_not_sent_again_while_it_holds(api, supplier):
    first = api.get(address(supplier))

    again = api.get(address(supplier), headers={"If-None-Match": first["ETag"]})
    asked(supplier)
    changed = api.get(address(supplier), headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


@pytest.mark.parametrize("required", [(), ("isms", "pmark", "scs_3")])
def test_an_answer_takes_two_queries_at_most_however_much_there_is(required, api, supplier):
    needs = [{"scheme": scheme, "necessity": "required"} for scheme in required]
    for month in range(1, 6):
        asked(supplier, requirements={"required_certifications": needs})
        CertificationFactory.create(contractor=supplier.contractor, supplier=supplier)
        HoldFactory.create(
            contractor=supplier.contractor,
            supplier=supplier,
            from_on=date(2040, month, 1),
            until_on=date(2040, month, 20),
        )
    answered(supplier, requirements={"required_certifications": needs})
    told(api, supplier)

    with CaptureQueriesContext(connection) as taken:
        told(api, supplier)

    frame = 3  # the key, and the transaction's two ends
    assert len(taken) == frame + (2 if required else 1)


def test_it_is_read_with_the_scope_of_ratings(api_of, contractor, supplier):
    assert api_of(contractor, "ratings:read").get(address(supplier)).status_code == 200
    assert api_of(contractor, "suppliers:write").get(address(supplier)).status_code == 403


def test_anothers_supplier_looks_like_a_missing_one(api):
    foreign = HoldFactory.create().supplier

    for method, verb in [("get", "clearance"), ("post", "hold"), ("post", "release")]:
        answer = getattr(api, method)(address(foreign, verb))
        assert answer.status_code == 404
    assert api.get(address(foreign, "holds")).status_code == 404
