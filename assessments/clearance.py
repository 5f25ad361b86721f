"""May a new order be placed? What is known of a supplier, summed on a day in Japan.

Plain values, no Django. The sum never says `hold` by itself: that is a person's decision, which it
reads. Talks, a decline, an objection or a reported incident are no facts here, so none can count.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from ratings.policy import Text
from ratings.wording import SCHEMES

UNKNOWN: Final = "unknown"
BETTER: Final = {"scs_3": "scs_4", "security_action_1": "security_action_2"}  # holds the lesser too
DAY: Final = timedelta(days=1)


class Status(StrEnum):
    CLEAR = "clear"
    REVIEW = "review"
    HOLD = "hold"


class Turn(StrEnum):
    """Whose turn it is."""

    CONTRACTOR = "contractor"
    SUPPLIER = "supplier"


@dataclass(frozen=True)
class Reason:
    code: str
    turn: Turn
    detail: Text

    @property
    def plain(self) -> dict[str, Any]:
        return {"code": self.code, "detail": dict(vars(self.detail)), "turn": self.turn.value}


@dataclass(frozen=True)
class Span:
    """The days of a person's hold, the last included."""

    from_on: date
    until_on: date

    def covers(self, day: date) -> bool:
        return self.from_on <= day <= self.until_on


@dataclass(frozen=True)
class Certificate:
    """One that was neither rejected nor taken back. `ends_on` is its last day, if it has one."""

    scheme: str
    ends_on: date | None = None

    def counts(self, day: date) -> bool:
        return self.ends_on is None or day <= self.ends_on


@dataclass(frozen=True)
class Known:
    """`level` and `fresh_until` are of the standing; None where nothing was ever answered.

    `waiting`: a request is open. `due_ons`: of open requests whose lateness nothing excuses.
    `required`: schemes that the newest request makes a condition.
    """

    level: str | None = None
    fresh_until: date | None = None
    exposure_complete: bool = True
    asked: bool = True
    waiting: bool = False
    due_ons: tuple[date, ...] = ()
    required: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    holds: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Clearance:
    """`valid_until`: the last day of this answer if nobody does anything; None: no day ends it."""

    status: Status
    reasons: tuple[Reason, ...]
    level: str
    valid_until: date | None = None

    @property
    def cleared(self) -> bool:
        return self.status is not Status.HOLD


def judge(known: Known, day: date) -> Clearance:
    """What holds on this day, and until when by the calendar alone."""
    now = _on(known, day)
    changes = (last for last in _last_days(known) if last >= day)
    until = next((last for last in changes if _on(known, last + DAY) != now), None)
    return replace(now, valid_until=until)


def _on(known: Known, day: date) -> Clearance:
    held = tuple(_held(span) for span in known.holds if span.covers(day))
    found = tuple(_computed(known, day))
    status = Status.HOLD if held else Status.REVIEW if found else Status.CLEAR
    return Clearance(status, held + found, _level(known, day))


def _last_days(known: Known) -> list[date]:
    """Every day after which the calendar alone could change something, in order."""
    ends = [one.ends_on for one in known.certificates]
    spans = [day for span in known.holds for day in (span.from_on - DAY, span.until_on)]
    return sorted({day for day in (*ends, *spans, *known.due_ons, known.fresh_until) if day})


def _stale(known: Known, day: date) -> bool:
    return known.fresh_until is not None and day > known.fresh_until


def _level(known: Known, day: date) -> str:
    return UNKNOWN if known.level is None or _stale(known, day) else known.level


def _computed(known: Known, day: date) -> Iterator[Reason]:
    """What a person should look at before ordering; none of it can stop an order."""
    if (level := _level(known, day)) in LEVELS:
        yield LEVELS[level]
    yield from (_missing(scheme) for scheme in known.required if not _covered(scheme, known, day))
    if _stale(known, day):
        yield STALE_ASKED if known.waiting else STALE
    if not known.asked:
        yield NEVER_ASKED
    if not known.exposure_complete:
        yield EXPOSURE
    if any(due_on < day for due_on in known.due_ons):
        yield OVERDUE


def _covered(scheme: str, known: Known, day: date) -> bool:
    enough = {scheme, BETTER.get(scheme, scheme)}
    return any(one.scheme in enough and one.counts(day) for one in known.certificates)


def _held(span: Span) -> Reason:
    ja = f"担当者の判断により、{span.until_on}まで新しい発注を見合わせています。"
    en = f"A person decided to place no new orders until {span.until_on}."
    return Reason("held", Turn.CONTRACTOR, Text(ja, en))


def _missing(scheme: str) -> Reason:
    name = SCHEMES[scheme]
    ja = f"直近の依頼で必須とした{name.ja}が、今日の時点で登録されていません。"
    en = f"{name.en} was required by the newest request and is not held today."
    return Reason("certification_missing", Turn.SUPPLIER, Text(ja, en))


LEVELS: Final = {
    "high": Reason(
        "level_high",
        Turn.CONTRACTOR,
        Text("相談の優先度が「高」です。", "Its priority for talks is high."),
    ),
    "critical": Reason(
        "level_critical",
        Turn.CONTRACTOR,
        Text("相談の優先度が「最優先」です。", "It is among the first to talk to."),
    ),
}
STALE: Final = Reason(
    "answers_stale",
    Turn.CONTRACTOR,
    Text(
        "回答が古くなっています。もう一度お願いしてください。",
        "The answers are too old. Ask the supplier again.",
    ),
)
STALE_ASKED: Final = Reason(
    "answers_stale",
    Turn.SUPPLIER,
    Text(
        "回答が古くなっています。新しい依頼への回答を待っています。",
        "The answers are too old. New ones have been asked for.",
    ),
)
NEVER_ASKED: Final = Reason(
    "never_asked",
    Turn.CONTRACTOR,
    Text("この取引先には、まだ依頼していません。", "This supplier has never been asked."),
)
EXPOSURE: Final = Reason(
    "exposure_incomplete",
    Turn.CONTRACTOR,
    Text(
        "影響度の3つの質問に、答えていないものがあります。",
        "Not all three questions about the exposure are answered.",
    ),
)
OVERDUE: Final = Reason(
    "overdue",
    Turn.SUPPLIER,
    Text("回答の期限を過ぎた依頼があります。", "A request is past its due day."),
)
