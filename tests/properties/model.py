"""The life of a request as docs/lifecycle.md tells it, in plain values: what the product must do.

Nothing here is taken from the product but the words. Days are days in Japan.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import holidays

OPEN: Final = {"invited", "started", "returned", "expired"}
SENT: Final = {"submitted", "accepted"}
LIVING: Final = OPEN | SENT
WAITING: Final = {"invited", "started", "returned"}
EDGES: Final = {
    ("draft", "invited"), ("draft", "cancelled"),
    ("invited", "started"), ("invited", "declined"), ("invited", "cancelled"),
    ("invited", "expired"),
    ("started", "submitted"), ("started", "declined"), ("started", "cancelled"),
    ("started", "expired"),
    ("submitted", "accepted"), ("submitted", "returned"), ("submitted", "cancelled"),
    ("returned", "submitted"), ("returned", "cancelled"), ("returned", "expired"),
    ("accepted", "submitted"),
    ("expired", "started"), ("expired", "submitted"), ("expired", "declined"),
    ("expired", "cancelled"),
}  # fmt: skip
ACTS: Final = {  # from which statuses, to which one; None: it stays
    "send": ({"draft"}, "invited"),
    "answer": (OPEN, None),
    "reply": (OPEN, None),
    "submit": ({"started", "returned", "expired"}, "submitted"),
    "accept": ({"submitted"}, "accepted"),
    "return": ({"submitted"}, "returned"),
    "reopen": ({"accepted"}, "submitted"),
    "decline": ({"invited", "started", "expired"}, "declined"),
    "cancel": (WAITING | {"draft", "submitted", "expired"}, "cancelled"),
    "extend": (WAITING, None),
    "extend_oneself": (WAITING, None),
    "remind": (OPEN, None),
}
EVENTS: Final = {
    "send": "assessment.invited", "submit": "assessment.submitted",
    "accept": "assessment.accepted", "return": "assessment.returned",
    "reopen": "assessment.reopened", "decline": "assessment.declined",
    "cancel": "assessment.cancelled", "extend": "assessment.extended",
    "extend_oneself": "assessment.extended", "remind": "assessment.reminded",
}  # fmt: skip
TOLD: Final = {"start": "consultation.opened", "agree": "consultation.agreed"}
TALKABLE: Final = OPEN | {"submitted"}
HOLIDAYS: Final = holidays.country_holidays("JP")
UNANSWERED_AFTER: Final = 10  # business days
UNTIL_EXPIRY: Final = timedelta(days=31)  # 30 days, and it is over the day after


@dataclass
class Request:
    """One request. `offers`: which side's proposal lies open in the talks; `waiting_on`: the day
    on which the supplier's turn to wait began; `ignored`: nobody answered it in time.
    """

    due_on: date
    status: str = "draft"
    answered: str = ""
    by_rule: bool = False
    submitted_on: date | None = None
    decided_on: date | None = None
    talked_on: date | None = None
    expires_on: date | None = None
    erased: bool = False
    words_erased: bool = False
    extended_by_itself: bool = False
    talks: bool = False
    offers: set[str] = field(default_factory=set)
    waiting_on: date | None = None
    unanswered: bool = False
    edges: list[tuple[str, str]] = field(default_factory=list)

    def allows(self, act: str) -> bool:
        if act == "submit" and self.status in SENT:
            return True  # once more is the same as once
        if self.erased:
            return False
        if act == "decline" and self.submitted_on:
            return False
        return self.status in ACTS[act][0]

    def does(self, act: str, today: date) -> list[str]:
        """Do what is allowed; the kinds of events that must come of it."""
        if act == "submit" and self.status in SENT:
            return []
        first = self.submitted_on is None
        if there := ACTS[act][1]:
            self._move(there, today)
        if act in {"send", "return"}:
            over = self.due_on + UNTIL_EXPIRY
            self.expires_on = over if over > today else None  # what is over is not made up for
        if act == "submit" and self._is_accepted(first=first):
            self._move("accepted", today)
            return [EVENTS[act], EVENTS["accept"]]
        return [EVENTS[act]] if act in EVENTS else []

    def _is_accepted(self, *, first: bool) -> bool:
        """Whether nothing speaks against what is handed in."""
        return self.by_rule and first and self.answered != "unknown" and not self.is_talked_about

    def extends(self, due_on: date) -> None:
        self.due_on, self.expires_on = due_on, due_on + UNTIL_EXPIRY

    def may_extend_itself(self, due_on: date, today: date) -> bool:
        late = self.due_on < today or due_on > self.due_on + timedelta(days=14)
        return not late and not self.extended_by_itself

    def may_talk(self, act: str) -> bool:
        if self.words_erased:
            return False
        if act == "start":
            return self.status in TALKABLE
        return self.is_talked_about

    @property
    def is_talked_about(self) -> bool:
        return self.talks and self.status in LIVING and not self.words_erased

    @property
    def is_ignored(self) -> bool:
        return self.unanswered and self.is_talked_about

    def talk(self, act: str, side: str, today: date) -> str:
        """Say what is allowed; the kind of the event that must come of it."""
        other = {"supplier": "contractor", "contractor": "supplier"}[side]
        self.talked_on = today
        self.talks = act not in {"agree", "close"}
        if act == "propose":
            self.offers.add(side)
        if act == "refuse":
            self.offers.discard(other)
        if not self.talks:
            self.offers.clear()
        if side == "contractor" or not self.talks:
            self.waiting_on, self.unanswered = None, False
        elif self.waiting_on is None:
            self.waiting_on = today
        return TOLD.get(act, "consultation.replied")

    def lets_time_pass(self, today: date) -> list[str]:
        """What the clock must do by that day; a reminder may come besides."""
        happened = []
        over = self.expires_on is not None and self.expires_on <= today
        if over and self.status in WAITING and not self.is_talked_about:
            self._move("expired", today)
            happened = ["assessment.expired"]
        waited = self.waiting_on and business_days_after(self.waiting_on, UNANSWERED_AFTER) <= today
        if waited and self.is_talked_about and not self.unanswered:
            self.unanswered = True
            happened.append("consultation.unanswered")
        return happened

    def forgets(self, today: date) -> None:
        """What the sweep must erase on that day."""
        base = self.decided_on or max(self.submitted_on or self.due_on, self.due_on)
        if months_after(base, 36) <= today:
            self.erased, self.expires_on = True, None
        words = max(base, self.talked_on or base)
        self.words_erased = self.words_erased or months_after(words, 84) <= today

    def answers(self, value: str) -> list[str]:
        self.answered = value
        if self.status not in {"invited", "expired"} or self.submitted_on:
            return []
        self._move("started", None)
        return ["assessment.started"]

    def _move(self, there: str, today: date | None) -> None:
        self.edges.append((self.status, there))
        reopened = (self.status, there) == ("accepted", "submitted")
        self.status = there
        if there == "submitted" and not reopened:
            self.submitted_on = today
        if there in {"accepted", "declined", "cancelled"}:
            self.decided_on = today
        if reopened:
            self.decided_on = None
        if there not in {"invited", "started", "returned"}:
            self.expires_on = None


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def business_days_after(day: date, count: int) -> date:
    """So many business days of Japan later."""
    while count:
        day += timedelta(days=1)
        closed = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 4)
        closed = closed or (day.month == 8 and 13 <= day.day <= 16)
        count -= day.weekday() < 5 and not closed and day not in HOLIDAYS
    return day
