"""When a supplier is written to again, in business days of Japan. Plain values, no Django.

Out are weekends, public holidays, 29 December to 4 January and 13 to 16 August.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Self
from zoneinfo import ZoneInfo

import holidays

from assessments import steps as saying
from assessments.conforming import Fault
from assessments.steps import REMINDING, SENT_AT, Code, Origin, Step

TOKYO: Final = ZoneInfo("Asia/Tokyo")
OPENS, CLOSES = time(9), time(17)
DAY: Final = timedelta(days=1)
GATHERING: Final = timedelta(minutes=5)  # the clock strikes for all of them meanwhile
FIRST_ON: Final = frozenset({1, 2, 3})  # Tuesday to Thursday: letters of a campaign begin then
SPREAD: Final = 20  # minutes over which the letters of a day are spread
EXPIRES_AFTER: Final = timedelta(days=30)
ANSWER_WITHIN: Final = 5  # business days until the contractor's person is written to
UNANSWERED_AFTER: Final = 10  # business days until its admins are
HOLIDAYS: Final = holidays.country_holidays("JP")


class BadSchedule(ValueError):
    """`faults` names all that is wrong, each with its place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True)
class Schedule:
    """The steps between the invitation and the end, in order."""

    steps: tuple[Step, ...] = (
        Step(Code.FIRST_REMINDER, Origin.INVITED, 7),
        Step(Code.SECOND_REMINDER, Origin.DUE, -3),
        Step(Code.AFTER_DUE, Origin.DUE, 1),
        Step(Code.ESCALATION, Origin.DUE, 3),
    )
    expires_after: timedelta = EXPIRES_AFTER

    @classmethod
    def parse(cls, value: object, *, say: Callable[[str], str] = str) -> Self:
        """Of the object of schedule.schema.json; `{}` is the default. Refuses with `BadSchedule`.

        `say` puts the sentences into a language.
        """
        if faults := list(saying.faults(value, say=say)):
            raise BadSchedule(faults)
        return cls(**saying.read(value))

    def moments(self, *, invited_at: datetime, due_on: date) -> Sequence[tuple[datetime, Code]]:
        """All that comes up, in order. Where the time is short, steps are left out, not bunched:
        of two on one day, or in the wrong order, the later one counts, and none comes on the day
        of the invitation.
        """
        return _moments(self, invited_at.astimezone(TOKYO).date(), due_on)

    def following(self, *, invited_at: datetime, due_on: date, after: datetime) -> datetime | None:
        """The next moment after this one, or None when there is nothing more to do."""
        moments = self.moments(invited_at=invited_at, due_on=due_on)
        return next((moment for moment, _code in moments if moment > after), None)

    def due_step(self, *, invited_at: datetime, due_on: date, now: datetime) -> Code | None:
        """The newest step that is due: what was slept through is not made up for."""
        moments = self.moments(invited_at=invited_at, due_on=due_on)
        past = [code for moment, code in moments if moment <= now]
        return past[-1] if past else None


DEFAULT: Final = Schedule()


@lru_cache(maxsize=4096)
def is_business_day(day: date) -> bool:
    new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 4)
    obon = day.month == 8 and 13 <= day.day <= 16
    return day.weekday() < 5 and not new_year and not obon and day not in HOLIDAYS


def shift(day: date, count: int) -> date:
    """`count` business days later, or earlier if it is negative."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_business_day(day):
            day += step
    return day


def is_open(moment: datetime) -> bool:
    """9:00 to 17:00 of a business day in Tokyo."""
    there = moment.astimezone(TOKYO)
    return is_business_day(there.date()) and OPENS <= there.time() < CLOSES


def next_opening(moment: datetime, *, seed: int) -> datetime:
    """The next moment at which letters may leave, spread by the seed."""
    day = moment.astimezone(TOKYO).date()
    while not is_business_day(day) or _at(day, OPENS, seed) <= moment:
        day += timedelta(days=1)
    return _at(day, OPENS, seed)


def first_slot(moment: datetime, *, seed: int = 0) -> datetime:
    """The next Tuesday, Wednesday or Thursday at 10:00 that is a business day."""
    day = moment.astimezone(TOKYO).date()
    while (
        day.weekday() not in FIRST_ON
        or not is_business_day(day)
        or _at(day, SENT_AT, seed) < moment
    ):
        day += timedelta(days=1)
    return _at(day, SENT_AT, seed)


def paced(first: datetime, places: Iterable[int], *, per_minute: int) -> Iterator[datetime]:
    """When the letters of these ascending places leave, place 0 at the first, an open moment.

    What does not leave before 17:00 goes on at 9:00 of the next business day.
    """
    opening, behind = first, timedelta()  # open hours that were over by then
    closing = datetime.combine(first.astimezone(TOKYO).date(), CLOSES, tzinfo=TOKYO)
    for place in places:
        while opening + (into := timedelta(minutes=place) / per_minute - behind) >= closing:
            behind += closing - opening
            day = shift(closing.date(), 1)
            opening, closing = (
                datetime.combine(day, clock, tzinfo=TOKYO) for clock in (OPENS, CLOSES)
            )
        yield opening + into


def gathered(moment: datetime, *, seed: int) -> datetime:
    """When a letter leaves that came up now: spread, and late enough to say all of that moment."""
    return moment + GATHERING + timedelta(minutes=seed % SPREAD)


def next_writing(moment: datetime) -> datetime:
    """Now where the day's letters are written: from ten on, in office hours. Else ten again."""
    day = moment.astimezone(TOKYO).date()
    if is_open(moment) and moment >= _at(day, SENT_AT):
        return moment
    while not is_business_day(day) or _at(day, SENT_AT) <= moment:
        day += DAY
    return _at(day, SENT_AT)


def next_sending(moment: datetime, *, seed: int) -> datetime:
    """With the letters of the next business day on which any leave later than now."""
    day = moment.astimezone(TOKYO).date()
    while not is_business_day(day) or gathered(_at(day, SENT_AT), seed=seed) <= moment:
        day += DAY
    return gathered(_at(day, SENT_AT), seed=seed)


def open_at(moment: datetime, *, seed: int) -> datetime:
    """This moment where letters may leave at it, or the next opening."""
    return moment if is_open(moment) else next_opening(moment, seed=seed)


def later(moment: datetime, count: int, *, seed: int) -> datetime:
    """The same time `count` business days later, or the next opening where that is closed."""
    there = moment.astimezone(TOKYO)
    then = datetime.combine(shift(there.date(), count), there.time(), tzinfo=TOKYO)
    return open_at(then, seed=seed)


def business_days(since: datetime, until: datetime) -> int:
    """How many business days have begun after the day of `since`, up to that of `until`."""
    day, last = since.astimezone(TOKYO).date(), until.astimezone(TOKYO).date()
    after = (day + timedelta(days=count) for count in range(1, (last - day).days + 1))
    return sum(map(is_business_day, after))


def _at(day: date, clock: time, seed: int = 0) -> datetime:
    start = datetime.combine(day, clock, tzinfo=TOKYO)
    return start + timedelta(minutes=seed % SPREAD)


@lru_cache(maxsize=4096)
def _moments(schedule: Schedule, asked_on: date, due_on: date) -> Sequence[tuple[datetime, Code]]:
    over = due_on + schedule.expires_after + timedelta(days=1)
    # The day after the last one begins at midnight in Tokyo.
    kept, before = [(_at(over, time(0)), Code.EXPIRY)], over
    for step in reversed(schedule.steps):
        day = _day(step, asked_on, due_on)
        if asked_on < day < before and (day <= due_on or step.code not in REMINDING):
            kept.append((_at(day, step.at), step.code))
            before = day
    return tuple(reversed(kept))


def _day(step: Step, asked_on: date, due_on: date) -> date:
    start = asked_on if step.origin is Origin.INVITED else due_on
    return shift(start, step.business_days)
