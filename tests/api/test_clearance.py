"""May an order be placed? Asked by a purchasing system, stopped by people alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import declining, submitting
from assessments.models import DeclineReason, Hold, Status
from assessments.submitting import Responsible
from events.models import Event
from ratings.models import Rating
from suppliers import days
from suppliers.models import Contact, State
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    CertificationFactory,
    ContractorFactory,
    HoldFactory,
    SupplierFactory,
    UserFactory,
)
from tests.racing import together

FIELDS = {
    "status", "cleared", "reasons", "level", "grade", "as_of", "valid_until", "applies_to",
    "policy",
}  # fmt: skip
LAST_SECOND = datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)  # of 31 March in Japan
FIRST_SECOND = datetime(2026, 3, 31, 15, 0, 0, tzinfo=UTC)
KNOWN = {
    f"exposure_{name}": False
    for name in ("confidential_information", "business_continuity", "system_access")
}
DAY = timedelta(days=1)


@pytest.fixture
def person(contractor):
    return UserFactory.create(contractor=contractor)


@pytest.fixture
def api(contractor, api_of, person):
    return api_of(contractor, user=person)


@pytest.fixture
def supplier(contractor):
    """Never asked; its exposure is known."""
    return SupplierFactory.create(contractor=contractor, **KNOWN)


@pytest.fixture
def at(monkeypatch):
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def address(supplier, verb="clearance"):
    return f"/api/v1/suppliers/{supplier.public_id}/{verb}/"


def asked(supplier, factory=AssessmentFactory, **fields):
    return factory.create(
        contractor=supplier.contractor,
        supplier=supplier,
        contact__supplier=supplier,
        contact__contractor=supplier.contractor,
        **fields,
    )


def answered(supplier, **fields):
    assessment = asked(supplier, AnsweredFactory, **fields)
    responsible = Responsible(name="山田太郎", title="社長", email="yamada@yamada.example")
    submitting.submit(assessment, responsible=responsible, now=timezone.now())
    return assessment


def told(api, supplier):
    answer = api.get(address(supplier))
    assert answer.status_code == 200, answer.json()
    return answer.json()


def codes(api, supplier):
    return [reason["code"] for reason in told(api, supplier)["reasons"]]


def wish(today, **fields):
    begin = today + 30 * DAY
    wanted = {
        "reason": "再発防止の確認が終わるまで見合わせる。",
        "from_on": begin,
        "until_on": begin + 60 * DAY,
        "told_on": today,
    } | fields
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in wanted.items()
    }


def errors(answer):
    assert answer.status_code == 400, answer.json()
    return {(each["pointer"], each["code"]) for each in answer.json()["errors"]}


def today():
    return days.in_japan(timezone.now())


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


def test_a_person_holds_new_orders_and_lets_them_go_on(api, person, supplier, at):
    at(LAST_SECOND)
    wanted = wish(date(2026, 3, 31), supplier_reply="4月末までに直します。")
    made = api.post(address(supplier, "hold"), wanted)
    hold = made.json()
    before = told(api, supplier)
    at(LAST_SECOND + 30 * DAY)
    during = told(api, supplier)
    released = api.post(address(supplier, "release"), {"reason": "確認できた。"})

    assert made.status_code == 201, hold
    assert wanted.items() <= hold.items()
    who = {"type": "user", "id": str(person.public_id)}
    assert (hold["status"], hold["decided_by"], hold["urgency"]) == ("scheduled", who, None)
    assert "held" not in [each["code"] for each in before["reasons"]]
    assert before["valid_until"] == "2026-04-29"
    assert (during["status"], during["cleared"]) == ("hold", False)
    assert (during["reasons"][0]["code"], during["reasons"][0]["turn"]) == ("held", "contractor")
    assert during["valid_until"] == wanted["until_on"]
    assert released.status_code == 200
    assert (released.json()["status"], released.json()["released_by"]) == ("released", who)
    assert told(api, supplier)["cleared"]
    [kept] = api.get(address(supplier, "holds")).json()["results"]
    assert kept == released.json() == api.get(made["Location"]).json()
    assert released["ETag"] == api.get(made["Location"])["ETag"]


def test_what_happened_is_told_without_the_reason(api, person, supplier):
    made = api.post(address(supplier, "hold"), wish(today()))
    api.post(address(supplier, "release"), {"reason": "確認できた。"})

    events = Event.objects.order_by("sequence").filter(kind__startswith="clearance.")
    assert [event.kind for event in events] == ["clearance.held", "clearance.released"]
    for event in events:
        assert event.actor == {"type": "user", "id": str(person.public_id)}
        assert event.detail == {"hold": made.json()["id"]}
        assert event.subject()["url"].endswith(address(supplier))


def test_a_hold_ends_by_itself_after_its_last_day_in_japan(api, supplier, at):
    HoldFactory.create(
        contractor=supplier.contractor,
        supplier=supplier,
        from_on=date(2026, 3, 1),
        until_on=date(2026, 3, 31),
    )
    asked(supplier)
    at(LAST_SECOND)
    last = told(api, supplier)
    at(FIRST_SECOND)
    over = told(api, supplier)

    assert (last["status"], last["valid_until"]) == ("hold", "2026-03-31")
    assert (over["status"], over["reasons"]) == ("clear", [])
    [hold] = api.get(address(supplier, "holds")).json()["results"]
    assert hold["status"] == "ended"
    refused = api.post(address(supplier, "release"), {"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "no-hold")
    assert api.post(address(supplier, "hold"), wish(date(2026, 4, 1))).status_code == 201


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"from_on": date(2026, 3, 30)}, "from_on", "past"),
        ({"until_on": date(2026, 4, 29)}, "until_on", "before-it-began"),
        ({"until_on": date(2026, 10, 31)}, "until_on", "too-long"),
        ({"from_on": date(9999, 12, 1), "until_on": date(9999, 12, 31)}, "until_on", "too-long"),
        ({"told_on": date(2026, 4, 1)}, "told_on", "future"),
        ({"from_on": date(2026, 4, 29)}, "told_on", "too-late"),
        ({"reason": " "}, "reason", "blank"),
        ({"reason": "x" * 2001}, "reason", "max-length"),
        ({"urgency": "haste"}, "urgency", "invalid-choice"),
        ({"until_on": "2026-02-30"}, "until_on", "invalid"),
        ({"decided_by": "x"}, "decided_by", "unknown-field"),
    ],
)
def test_a_decision_that_is_not_fair_is_refused_in_its_place(
    change, place, code, api, supplier, at
):
    at(LAST_SECOND)

    answer = api.post(address(supplier, "hold"), wish(date(2026, 3, 31), **change))

    assert (f"/{place}", code) in errors(answer)
    assert not Hold.objects.exists()


def test_all_errors_come_at_once(api, supplier):
    assert errors(api.post(address(supplier, "hold"), {})) == {
        (f"/{name}", "required") for name in ("reason", "from_on", "until_on", "told_on")
    }
    assert errors(api.post(address(supplier, "release"), {})) == {("/reason", "required")}


def test_six_months_to_the_day_are_taken(api, supplier, at):
    at(datetime(2026, 8, 1, tzinfo=UTC))
    wanted = wish(date(2026, 8, 1), from_on=date(2026, 8, 31), until_on=date(2027, 2, 28))

    assert api.post(address(supplier, "hold"), wanted).status_code == 201


@pytest.mark.parametrize("urgency", ["incident", "danger"])
def test_an_incident_or_danger_needs_no_thirty_days(urgency, api, supplier):
    wanted = wish(today(), from_on=today(), urgency=urgency)

    assert api.post(address(supplier, "hold"), wanted).status_code == 201
    assert told(api, supplier)["status"] == "hold"


def test_a_key_of_nobody_can_hold_nothing(api_of, contractor, supplier):
    system = api_of(contractor)

    for verb, body in [("hold", wish(today())), ("release", {"reason": "x"})]:
        answer = system.post(address(supplier, verb), body)
        assert (answer.status_code, answer.json()["code"]) == (403, "person-needed")
    assert not Hold.objects.exists()


def test_a_supplier_has_one_hold_at_a_time(api, supplier):
    assert api.post(address(supplier, "hold"), wish(today())).status_code == 201

    later = wish(today(), from_on=today() + 200 * DAY, until_on=today() + 220 * DAY)
    for wanted in (wish(today()), later):
        again = api.post(address(supplier, "hold"), wanted)
        assert (again.status_code, again.json()["code"]) == (409, "hold-running")
    api.post(address(supplier, "release"), {"reason": "確認できた。"})

    assert api.post(address(supplier, "hold"), wish(today())).status_code == 201
    assert Hold.objects.count() == 2


def test_a_supplier_that_is_put_away_can_be_released_but_not_held(api, supplier):
    api.post(address(supplier, "hold"), wish(today()))
    api.post(address(supplier, "archive"))

    released = api.post(address(supplier, "release"), {"reason": "取引を終えた。"})
    held = api.post(address(supplier, "hold"), wish(today()))

    assert released.status_code == 200
    assert (held.status_code, held.json()["code"]) == (409, "supplier-archived")


def test_of_holds_at_the_same_moment_one_is_made(committed, api, supplier):
    answers = together(lambda: api.post(address(supplier, "hold"), wish(today())))

    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert {each.json()["code"] for each in answers if each.status_code == 409} == {"hold-running"}
    assert Hold.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "truth"),
    [
        ({"reason": ""}, "hold_has_a_reason"),
        ({"until_on": date(2020, 2, 29)}, "hold_ends_after_it_began"),
        ({"until_on": date(2020, 9, 2)}, "hold_lasts_6_months_at_most"),
        ({"told_on": date(2020, 3, 2), "urgency": "danger"}, "hold_was_told_before_it_began"),
        ({"told_on": date(2020, 2, 1)}, "hold_was_told_30_days_before_or_is_urgent"),
        ({"released_at": LAST_SECOND}, "hold_release_is_whole"),
    ],
)
def test_the_database_keeps_what_is_fair(fields, truth, supplier):
    with pytest.raises(IntegrityError, match=truth):
        HoldFactory.create(supplier=supplier, contractor=supplier.contractor, **fields)


def test_the_database_keeps_holds_of_a_supplier_apart(supplier, contractor):
    own = {"contractor": contractor, "supplier": supplier}
    HoldFactory.create(**own)
    HoldFactory.create(contractor=contractor)  # of another supplier, in the same days

    with transaction.atomic(), pytest.raises(IntegrityError, match="never_overlap"):
        HoldFactory.create(**own, from_on=date(2020, 3, 31), until_on=date(2020, 4, 1))


@pytest.mark.django_db
def test_the_database_keeps_what_was_decided():
    hold = HoldFactory.create(contractor=ContractorFactory.create())
    rows = Hold.objects.filter(pk=hold.pk)

    for change in (
        lambda: rows.update(reason="別の理由"),
        lambda: rows.update(until_on=date(2020, 4, 30)),
        rows.delete,
    ):
        with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
            change()
    release = {"released_at": LAST_SECOND, "released_by": hold.decided_by, "release_reason": "x"}
    assert rows.update(**release) == 1
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        rows.update(release_reason="y")
