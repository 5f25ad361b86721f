"""Days as people write them, and what is no day."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers import days
from suppliers.normalising import Unreadable

DAY = date(2026, 3, 31)
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
SPELLINGS = [
    "2026-03-31", "2026/03/31", "2026.03.31", "2026-3-31", "2026/3/31", "2026.3.31",
    "2026 3 31", "20260331", "2026年3月31日", "2026年03月31日", "2026年3月31",
    "2026 年 3 月 31 日", "2026-03-31", "2026/3/31", "2026.3.31",
    "2026年3月31日", "2026ー03ー31", "2026‐03‐31", "2026−03−31", "20260331",
    " 2026-03-31 ", "2026年3月31日まで", "2026年3月31日迄", "有効期限:2026年3月31日",
    "有効期限 2026/3/31", "2026年3月31日(火)", "2026年3月31日(火曜日)", "2026年3月31日火曜日",
    "2026年(令和8年)3月31日", "令和8年3月31日", "令和8年3月31日", "令和 8 年 3 月 31 日",
    "令和08年03月31日", "令和八年三月三十一日", "二〇二六年三月三十一日", "令8.3.31", "令和8.3.31",
    "令和8/3/31", "R8.3.31", "R8/3/31", "R8-3-31", "R08.03.31", "r8.3.31", "R8.3.31",
    "R8年3月31日", "R.8.3.31", "R 8.3.31", "R080331", "㋿8年3月31日", "平成38年3月31日",
    "H38.3.31", "令和8年3月31日まで", "2026年3月末", "2026年3月末日",
    "令和8年3月末日", "31 Mar 2026", "31-Mar-2026", "31 March 2026", "March 31, 2026",
    "Mar 31, 2026", "Mar. 31 2026", "march 31st, 2026", "31st March, 2026", "MAR 31 2026",
    "満了日 2026年3月31日", "登録日:2026-03-31",
]  # fmt: skip
SPELLINGS += [
    text.translate(WIDE)
    for text in (
        "2026-03-31", "2026/3/31", "2026.3.31", "20260331", "2026年3月31日", "R8.3.31", "R8/3/31",
        "令和8年3月31日", "令和8年3月31日(火)", "31 March 2026", "H38.3.31", "2026年3月31日まで",
    )
]  # fmt: skip
MONTHS = [
    "2026-03", "2026/3", "2026.3", "2026年3月", "2026年03月", "202603", "2026年3月", "2026/03",
    "令和8年3月", "令和八年三月", "R8.3", "R8/3", "R8年3月", "March 2026", "Mar 2026",
]  # fmt: skip
WRONG = {
    "invalid": [
        "", " ", "不明", "なし", "来年", "3月31日", "2026", "2026年", "26/3/31", "03/31/2026",
        "31/3/2026", "2026-0331", "2026-13-1x", "X8.3.31", "令和", "令和8年", "R100.3.31", "1.1",
        "2026-03-31 12:00", "2026-03-31T00:00:00Z", "2026-03-31; DROP", "(2026-03-31)", "9" * 5000,
        "(" * 5000, "２０２６" * 100, "2026--03--31",
    ],
    "no-such-day": [
        "2026-02-29", "2026-02-30", "2026-00-10", "2026-13-01", "2026-04-31",
        "2026-3-32", "平成31年2月29日", "令和元年4月30日", "H1.1.7", "S1.12.24",

        "31 Foo 2026", "令和8年13月", "20261301", "2026年0月末",
    ],
    "out-of-range": ["1949-12-31", "2100-01-01", "9999-12-31", "0001-01-01", "S2.1.1"],
}  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_day_is_read_however_it_is_written(text):
    assert days.end(text) == days.start(text) == DAY


def test_there_are_many_ways_to_write_a_day():
    assert len(set(SPELLINGS)) >= 60
    assert len({*SPELLINGS, *MONTHS}) >= 80


@pytest.mark.parametrize("text", MONTHS)
def test_a_month_begins_with_its_first_day_and_ends_with_its_last(text):
    assert (days.start(text), days.end(text)) == (date(2026, 3, 1), DAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R元.5.1", date(2019, 5, 1)),
        ("R1.5", date(2019, 5, 31)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("平成33年3月31日", date(2021, 3, 31)),  # printed before the new era had a name
        ("平成元年1月8日", date(1989, 1, 8)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S63.12.31", date(1988, 12, 31)),
        ("2028年2月", date(2028, 2, 29)),
        ("二〇二八年二月末", date(2028, 2, 29)),
        ("令和十年十二月二十日", date(2028, 12, 20)),
    ],
)
def test_eras_and_ends_of_months(text, day):
    assert days.end(text) == day


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in WRONG for text in WRONG[code]])
def test_what_is_no_day_is_refused_with_an_example(code, text):
    with pytest.raises(Unreadable) as refusal:
        days.end(text)

    assert refusal.value.code == code
    assert "2026-03" in str(refusal.value)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_day_or_a_refusal(text):
    with suppress(Unreadable):
        assert days.start(text) <= days.end(text)


@given(st.dates(date(2019, 5, 1), date(2090, 12, 31)))
def test_both_calendars_and_every_width_say_the_same_day(day):
    era = f"令和{day.year - 2018}年{day.month}月{day.day}日"

    assert days.end(era) == days.end(day.isoformat()) == days.end(f"{day:%Y/%m/%d}") == day


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)))
def test_a_day_in_japan_begins_nine_hours_early(day):
    begins = days.begins_at(day)

    assert begins.astimezone(UTC).hour == 15
    assert days.in_japan(begins) == day
    assert days.in_japan(begins - timedelta(microseconds=1)) == day - timedelta(1)


def test_a_leap_day_has_its_year_on_the_28th():
    assert days.years_after(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert days.in_japan(datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)) == DAY
