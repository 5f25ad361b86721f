from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import timetable
from assessments.timetable import TOKYO

days = st.dates(date(2026, 1, 1), date(2035, 1, 1))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # made aware by `timezones`
seeds = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 11, 23), False),  # Labour Thanksgiving Day
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 4), False),
        (date(2027, 1, 5), True),
        (date(2027, 8, 12), True),
        (date(2027, 8, 13), False),
        (date(2027, 8, 16), False),
        (date(2028, 2, 29), True),
    ],
)
def test_business_days_of_japan(day, open_):
    assert timetable.is_business_day(day) is open_


def test_three_business_days_before_and_one_after_skip_the_new_year():
    assert timetable.shift(date(2027, 1, 6), -3) == date(2026, 12, 25)
    assert timetable.shift(date(2026, 12, 28), 1) == date(2027, 1, 5)


@given(moments, st.integers(0, 20))
def test_as_many_business_days_have_begun_as_it_was_shifted_by(moment, count):
    day = moment.astimezone(TOKYO).date()

    later = moment + (timetable.shift(day, count) - day)

    assert timetable.business_days(moment, later) == count


@given(days, st.integers(-20, 20).filter(bool))
def test_a_shift_ends_on_a_business_day_in_its_direction(day, count):
    shifted = timetable.shift(day, count)

    assert timetable.is_business_day(shifted)
    assert (shifted > day) is (count > 0)


@given(moments, seeds)
def test_the_next_opening_is_open_and_not_before(moment, seed):
    opening = timetable.next_opening(moment, seed=seed)

    assert opening > moment
    assert timetable.is_open(opening)
    assert timetable.is_open(opening + timedelta(minutes=59))


@given(moments, seeds)
def test_the_first_slot_is_ten_o_clock_from_tuesday_to_thursday(moment, seed):
    slot = timetable.first_slot(moment, seed=seed).astimezone(TOKYO)

    assert moment <= slot
    assert slot.weekday() in (1, 2, 3)
    assert timetable.is_business_day(slot.date())
    assert (slot.hour, slot.minute) == (10, seed % 20)


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        (datetime(2026, 11, 26, 9, 59, tzinfo=TOKYO), datetime(2026, 11, 26, 10, tzinfo=TOKYO)),
        (datetime(2026, 11, 26, 10, 1, tzinfo=TOKYO), datetime(2026, 12, 1, 10, tzinfo=TOKYO)),
        (datetime(2026, 11, 27, 9, tzinfo=TOKYO), datetime(2026, 12, 1, 10, tzinfo=TOKYO)),
        # Tuesday 3 November is a holiday.
        (datetime(2026, 10, 30, 9, tzinfo=TOKYO), datetime(2026, 11, 4, 10, tzinfo=TOKYO)),
        (datetime(2026, 12, 24, 12, tzinfo=TOKYO), datetime(2027, 1, 5, 10, tzinfo=TOKYO)),
    ],
)
def test_a_campaign_begins_on_a_tuesday_wednesday_or_thursday_at_ten(moment, first):
    assert timetable.first_slot(moment) == first


def test_letters_that_do_not_leave_before_five_go_on_the_next_business_day_at_nine():
    first = datetime(2026, 11, 26, 16, 58, tzinfo=TOKYO)  # a Thursday

    leave = list(timetable.paced(first, range(20, 50, 5), per_minute=10))

    friday = datetime(2026, 11, 27, 9, tzinfo=TOKYO)
    assert leave == [friday + timedelta(seconds=30 * count) for count in range(6)]


@given(
    moments.map(lambda moment: timetable.next_opening(moment, seed=0)),
    st.integers(1, 1000),
    st.lists(st.integers(0, 20_000), unique=True).map(sorted),
)
def test_a_pace_is_kept_inside_the_hours_whatever_places_are_asked_for(first, per_minute, places):
    leave = list(timetable.paced(first, places, per_minute=per_minute))

    alone = [next(timetable.paced(first, [place], per_minute=per_minute)) for place in places]
    assert all(map(timetable.is_open, leave))
    assert leave == alone
    assert all(earlier < later for earlier, later in pairwise(leave))
