"""Business days of Japan, said anew without a word of the product's calendar or its library."""

from datetime import date, datetime, timedelta
from typing import Final

OFFSET: Final = timedelta(hours=9)
LONGEST: Final = timedelta(days=9)  # holidays, and a day that was another letter's
PUBLIC: Final = {
    2026: ((11, 3), (11, 23)),
    2027: (
        (1, 1), (1, 11), (2, 11), (2, 23), (3, 21), (3, 22), (4, 29), (5, 3), (5, 4), (5, 5),
        (7, 19), (8, 11), (9, 20), (9, 23), (10, 11), (11, 3), (11, 23),
    ),
}  # fmt: skip
"""From autumn 2026: whoever plays in another year writes down its holidays first."""


def day_of(moment: datetime) -> date:
    return (moment + OFFSET).date()


def is_business_day(day: date) -> bool:
    at = (day.month, day.day)
    out = at >= (12, 29) or at <= (1, 4) or (8, 13) <= at <= (8, 16)
    return day.weekday() < 5 and not out and at not in PUBLIC[day.year]


def is_office_hour(moment: datetime) -> bool:
    return is_business_day(day_of(moment)) and 9 <= (moment + OFFSET).hour < 17


def business_days(day: date, count: int) -> date:
    """So many after this day, or before it where the count is negative."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_business_day(day):
            day += step
    return day
