"""Which requests are warned of, and of what: the table of fair asking."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.warning import Facts, Peer, level, months_after, warn

TODAY = date(2026, 11, 25)
FAIR = Facts(
    today=TODAY,
    due_on=date(2026, 12, 25),
    implement_by=date(2027, 5, 25),
    requirements={"reasons": ["system_access"], "target": {"score": 50}},
    star=4,
    exposure=1,
)
ISMS = [{"scheme": "isms", "necessity": "required"}]
STARS = [{"scheme": "scs_4", "necessity": "recommended"}]
UNPAID = {"bearer": "supplier", "talks_welcome": True}
PEERS = (Peer(0, level(FAIR.requirements)), Peer(3, level(FAIR.requirements)))


def asking(**more):
    return {"requirements": FAIR.requirements | more}


def told(facts):
    return [(warned.code, warned.plain["pointer"]) for warned in warn(facts)]


def test_a_fair_request_is_warned_of_nothing():
    assert told(FAIR) == []


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (asking(reasons=[]), "reason-empty", "/requirements/reasons"),
        ({"due_on": date(2026, 12, 8)}, "due-soon", "/due_on"),
        (asking(cost={"bearer": "supplier"}), "cost-without-talks",
         "/requirements/cost/talks_welcome"),
        (asking(products=[{"name": "EDR-X"}]), "product-without-reason",
         "/requirements/products/0"),
        ({"peers": PEERS}, "same-level-for-all", "/requirements/target"),
        ({"small": True} | asking(required_certifications=ISMS), "mark-asked-of-small",
         "/requirements/required_certifications/0"),
        ({"implement_by": date(2027, 2, 24)}, "implementing-soon", "/implement_by"),
        ({"implement_by": date(2027, 5, 24)} | asking(required_certifications=ISMS),
         "implementing-soon", "/implement_by"),
        ({"star": 3} | asking(required_certifications=STARS), "above-exposure",
         "/requirements/required_certifications/0"),
        ({"asked_lately": True}, "asked-twice", "/supplier"),
        ({"covered": True} | asking(evidence="規程の写し"), "evidence-covered",
         "/requirements/evidence"),
        (asking(effect_if_not_met="お取引を停止します"), "accusing-words",
         "/requirements/effect_if_not_met"),
        (asking(promises=["B", {"code": "C", "text": "対策は御社の義務です。"}]), "accusing-words",
         "/requirements/promises/1/text"),
        ({"law": True} | asking(cost=UNPAID), "cost-under-law", "/requirements/cost/bearer"),
    ],
)  # fmt: skip
def test_what_could_be_unfair_is_warned_of_where_it_stands(change, code, pointer):
    assert told(replace(FAIR, **change)) == [(code, pointer)]


def test_what_is_not_safe_is_serious_and_every_warning_names_its_source():
    worst = replace(
        FAIR,
        **asking(products=[{"name": "EDR-X"}], cost={"bearer": "supplier"}),
        law=True,
        asked_lately=True,
    )

    plain = [warned.plain for warned in warn(worst)]

    serious = {each["code"] for each in plain if each["serious"]}
    assert serious == {"product-without-reason", "cost-without-talks", "cost-under-law"}
    assert {each["code"] for each in plain} - serious == {"asked-twice"}
    assert all(each["source"]["ja"] and each["detail"]["en"] for each in plain)


@pytest.mark.parametrize(
    "change",
    [
        {"due_on": date(2026, 12, 9)},  # the tenth business day
        {"implement_by": date(2027, 2, 25)},
        asking(required_certifications=ISMS),
        {"implement_by": None},
        asking(cost=UNPAID),
        {"law": True} | asking(cost={"bearer": "contractor"}),
        asking(products=[{"name": "EDR-X", "reason": "弊社の回線とつなぐため"}]),
        {"star": None} | asking(required_certifications=STARS),
        {"covered": True},
        {"peers": PEERS[:1]},
        {"peers": (Peer(1, PEERS[0].level), Peer(1, PEERS[0].level))},
        {"peers": (*PEERS, Peer(0, level({"target": {"score": 70}})))},
        {"peers": (Peer(0, ""), Peer(3, "")), "requirements": {"reasons": ["x"]}},
    ],
)
def test_what_is_just_enough_is_not_warned_of(change):
    assert told(replace(FAIR, **change)) == []


@given(st.dates(date(2026, 11, 25), date(2028, 1, 1)), st.integers(0, 60))
def test_a_later_day_never_adds_a_warning(due_on, more):
    later = replace(FAIR, due_on=due_on + timedelta(days=more))

    assert set(told(later)) <= set(told(replace(FAIR, due_on=due_on)))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 24))
def test_months_are_those_of_the_calendar(day, months):
    there = months_after(day, months)

    assert there.year * 12 + there.month == day.year * 12 + day.month + months
    assert there.day == day.day or (there + timedelta(days=1)).day == 1
