"""New orders are stopped by people alone, with a reason, days, and fair notice."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from assessments.models import Hold
from events.models import Event
from tests.api.clearance.asking import (
    DAY,
    FIRST_SECOND,
    LAST_SECOND,
    address,
    asked,
    errors,
    today,
    told,
    wish,
)
from tests.factories import (
    ContractorFactory,
    HoldFactory,
)
from tests.racing import together


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
