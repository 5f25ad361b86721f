"""The steps between an invitation and the end of a request, as its campaign wrote them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import timetable
from assessments.steps import LETTERS, REMINDING, Code, Origin, Step
from assessments.timetable import DEFAULT, TOKYO, BadSchedule, Schedule

ASKED = datetime(2026, 12, 1, 1, tzinfo=UTC)  # ten in the morning in Tokyo, a Tuesday
DAYS = ("steps", 0, "business_days")
days = st.dates(date(2026, 1, 1), date(2035, 1, 1))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # made aware by `timezones`


def at(year, month, day, hour=10):
    return datetime(year, month, day, hour, tzinfo=TOKYO)


def planned(due_on, *, invited_at=ASKED, schedule=DEFAULT):
    return [
        (code.value, moment.date())
        for moment, code in schedule.moments(invited_at=invited_at, due_on=due_on)
    ]


def step(code="first_reminder", since="invited", business_days=7, **more):
    return {"code": code, "from": since, "business_days": business_days, **more}


def test_the_default_is_seven_days_after_three_before_one_after_and_the_call_on_the_third():
    assert planned(date(2026, 12, 18)) == [
        ("first_reminder", date(2026, 12, 10)),
        ("second_reminder", date(2026, 12, 15)),
        ("after_due", date(2026, 12, 21)),
        ("escalation", date(2026, 12, 23)),
        ("expiry", date(2027, 1, 18)),
    ]


@pytest.mark.parametrize(
    ("invited_at", "due_on", "first", "second", "after", "call"),
    [
        pytest.param(
            at(2026, 12, 18), date(2027, 1, 15),
            date(2027, 1, 5), date(2027, 1, 12), date(2027, 1, 18), date(2027, 1, 20),
            id="the end of the year, 29 December to 4 January",
        ),
        pytest.param(
            at(2027, 8, 4), date(2027, 8, 31),
            date(2027, 8, 18), date(2027, 8, 26), date(2027, 9, 1), date(2027, 9, 3),
            id="Obon, Mountain Day and the end of a month",
        ),
        pytest.param(
            at(2028, 2, 18), date(2028, 3, 3),
            None, date(2028, 2, 29), date(2028, 3, 6), date(2028, 3, 8),
            id="29 February, the Emperor's birthday, and a first reminder that would come too late",
        ),
        pytest.param(
            datetime(2027, 1, 14, 15, tzinfo=UTC), date(2027, 2, 26),
            date(2027, 1, 26), date(2027, 2, 22), date(2027, 3, 1), date(2027, 3, 3),
            id="invited at midnight in Tokyo, which is 15:00 the day before",
        ),
        pytest.param(
            datetime(2027, 1, 14, 14, 59, tzinfo=UTC), date(2027, 2, 26),
            date(2027, 1, 25), date(2027, 2, 22), date(2027, 3, 1), date(2027, 3, 3),
            id="invited a minute earlier",
        ),
    ],
)  # fmt: skip
def test_business_days_of_japan_are_counted(invited_at, due_on, first, second, after, call):
    told = dict(planned(due_on, invited_at=invited_at))

    assert told.get("first_reminder") == first
    assert (told["second_reminder"], told["after_due"]) == (second, after)
    assert told["escalation"] == call


@pytest.mark.parametrize(
    ("due_on", "kept"),
    [
        (date(2026, 12, 16), ["first_reminder", "second_reminder"]),  # one day between both
        (date(2026, 12, 15), ["second_reminder"]),  # both on the same day
        (date(2026, 12, 7), ["second_reminder"]),  # on the day after the invitation
        (date(2026, 12, 4), []),  # on the day of the invitation
        (date(2026, 12, 1), []),  # due at once
    ],
)
def test_a_short_deadline_leaves_steps_out_and_bunches_none(due_on, kept):
    told = [code for code, _ in planned(due_on)]

    assert told == [*kept, "after_due", "escalation", "expiry"]


def test_a_request_expires_when_the_thirtieth_day_after_it_was_due_is_over_in_tokyo():
    [*_, (moment, code)] = DEFAULT.moments(invited_at=ASKED, due_on=date(2026, 11, 30))

    assert code is Code.EXPIRY
    assert moment == at(2026, 12, 31, hour=0)


@given(invited_at=moments, due_on=days)
def test_letters_leave_in_office_hours_each_on_a_day_of_its_own_and_in_order(invited_at, due_on):
    told = DEFAULT.moments(invited_at=invited_at, due_on=due_on)

    on = [moment.date() for moment, _ in told]
    assert on == sorted(set(on))
    assert on[0] > invited_at.astimezone(TOKYO).date() or told[0][1] is Code.EXPIRY
    assert all(timetable.is_open(moment) for moment, code in told if code is not Code.EXPIRY)
    assert all(moment.date() <= due_on for moment, code in told if code in REMINDING)
    assert all(moment.date() > due_on for moment, code in told if code not in REMINDING)


@given(invited_at=moments, due_on=days, moment=moments)
def test_what_follows_is_later_and_becomes_due_at_its_moment(invited_at, due_on, moment):
    plan = {"invited_at": invited_at, "due_on": due_on}
    following = DEFAULT.following(**plan, after=moment)

    if following is None:
        assert DEFAULT.due_step(**plan, now=moment) is Code.EXPIRY
    else:
        assert following > moment
        before = DEFAULT.due_step(**plan, now=moment)
        assert DEFAULT.due_step(**plan, now=following) is not before
        assert DEFAULT.due_step(**plan, now=following - timedelta(microseconds=1)) is before


def test_an_empty_object_is_the_default():
    assert Schedule.parse({}) == DEFAULT


def test_what_is_written_is_taken():
    schedule = Schedule.parse(
        {
            "steps": [step(business_days=5, at="13:30"), step("after_due", "due", 2)],
            "expires_after": 14,
        }
    )

    assert schedule == Schedule(
        (
            Step(Code.FIRST_REMINDER, Origin.INVITED, 5, time(13, 30)),
            Step(Code.AFTER_DUE, Origin.DUE, 2, time(10)),
        ),
        timedelta(days=14),
    )


def test_without_steps_nothing_is_written_and_it_only_expires():
    assert planned(date(2026, 12, 18), schedule=Schedule.parse({"steps": []})) == [
        ("expiry", date(2027, 1, 18))
    ]


@pytest.mark.parametrize(
    ("wrong", "at", "code"),
    [
        ([], (), "invalid"),
        (None, (), "invalid"),
        ({"days": 3}, ("days",), "unknown-field"),
        ({"steps": {}}, ("steps",), "invalid"),
        ({"steps": [step(), "x"]}, ("steps", 1), "invalid"),
        ({"steps": [step(mail=True)]}, ("steps", 0, "mail"), "unknown-field"),
        ({"steps": [{"from": "due", "business_days": 1}]}, ("steps", 0, "code"), "required"),
        ({"steps": [step("expiry", "due", 5)]}, ("steps", 0, "code"), "invalid"),
        ({"steps": [step(business_days="7")]}, DAYS, "invalid"),
        ({"steps": [step(business_days=True)]}, DAYS, "invalid"),
        ({"steps": [step(business_days=7.5)]}, DAYS, "invalid"),
        ({"steps": [step(business_days=61)]}, DAYS, "invalid"),
        ({"steps": [step(business_days=1e300)]}, DAYS, "invalid"),
        ({"steps": [step(business_days=0)]}, DAYS, "misplaced"),
        ({"steps": [step(since="due", business_days=0)]}, DAYS, "misplaced"),
        ({"steps": [step("after_due", "due", -1)]}, DAYS, "misplaced"),
        ({"steps": [step("escalation", "invited", 9)]}, DAYS, "misplaced"),
        ({"steps": [step(at="08:59")]}, ("steps", 0, "at"), "invalid"),
        ({"steps": [step(at="16:31")]}, ("steps", 0, "at"), "invalid"),
        ({"steps": [step(at="10:00\n")]}, ("steps", 0, "at"), "invalid"),
        ({"steps": [step(at=10)]}, ("steps", 0, "at"), "invalid"),
        ({"steps": [step("second_reminder", "due", -3), step()]}, ("steps", 1), "disorder"),
        (
            {"steps": [step("first_reminder", "due", -3), step("second_reminder", "due", -3)]},
            ("steps", 1),
            "disorder",
        ),
        ({"steps": [step(), step(business_days=9)]}, ("steps", 1, "code"), "repeated"),
        ({"steps": [step(business_days=n) for n in range(1, 5)]}, ("steps", 3), "too-many-letters"),
        ({"steps": [step()] * 11}, ("steps",), "invalid"),
        ({"expires_after": 0}, ("expires_after",), "invalid"),
        ({"expires_after": 366}, ("expires_after",), "invalid"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_place(wrong, at, code):
    with pytest.raises(BadSchedule) as refused:
        Schedule.parse(wrong)

    assert (at, code) in [(fault.path, fault.code) for fault in refused.value.faults]
    assert all(fault.detail.endswith(".") for fault in refused.value.faults)


written = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["first_reminder", "second_reminder", "after_due", "escalation"]),
        "from": st.sampled_from(["invited", "due"]),
        "business_days": st.integers(-9, 9),
    }
)


@given(st.lists(written, max_size=6))
def test_no_schedule_that_is_taken_writes_more_than_four_letters(steps):
    try:
        schedule = Schedule.parse({"steps": steps})
    except BadSchedule:
        return

    assert 1 + len([each for each in schedule.steps if each.code in LETTERS]) <= 4
