"""On which day each letter of a schedule comes up, worked out anew by the calendar of `japan`."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from tests.properties.post.japan import business_days, is_business_day

Step = Mapping[str, Any]  # as a contractor writes it
EARLY: Final = ("first_reminder", "second_reminder")  # of a day that is still to come


def _step(code: str, origin: str, count: int, at: str = "10:00") -> Step:
    return {"code": code, "from": origin, "business_days": count, "at": at}


STANDARD: Final = (
    _step("first_reminder", "invited", 7),
    _step("second_reminder", "due", -3),
    _step("after_due", "due", 1),
    _step("escalation", "due", 3),
)
SCHEDULES: Final[Sequence[Mapping[str, Any]]] = (
    {},  # says nothing: the standard one
    {
        "steps": [
            _step("first_reminder", "invited", 3),
            _step("second_reminder", "due", -5, "14:00"),
            _step("after_due", "due", 2),
            _step("escalation", "due", 4),
        ],
        "expires_after": 14,
    },
    {"steps": [_step("after_due", "due", 1, "16:00")]},
)


def planned(schedule: Mapping[str, Any], *, invited_on: date, due_on: date) -> dict[str, date]:
    """By step. Of two that come up on one day or in the wrong order the later one counts."""
    found: dict[str, date] = {}
    before = due_on + timedelta(days=1 + schedule.get("expires_after", 30))
    for step in reversed(schedule.get("steps", STANDARD)):
        start = invited_on if step["from"] == "invited" else due_on
        day = business_days(start, step["business_days"])
        in_vain = step["code"] in EARLY and day > due_on
        if invited_on < day < before and not in_vain:
            found[step["code"]] = before = day
    return found


def first_day(day: date) -> date:
    """When a campaign begins that is launched on this day: a Tuesday, Wednesday or Thursday."""
    while day.weekday() not in (1, 2, 3) or not is_business_day(day):
        day += timedelta(days=1)
    return day
