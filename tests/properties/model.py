"""The life of a request as docs/lifecycle.md tells it, in plain values: what the product must do.

Nothing here is taken from the product but the words. Days are days in Japan.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

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
TALKABLE: Final = OPEN | {"submitted"}
UNTIL_EXPIRY: Final = timedelta(days=31)  # 30 days, and it is over the day after


@dataclass
class Request:
    """One request. `talks` is `none`, `open` (nothing proposed), `proposed`, or how it ended."""

    due_on: date
    status: str = "draft"
    answered: bool = False
    submitted_on: date | None = None
    decided_on: date | None = None
    talked_on: date | None = None
    expires_on: date | None = None
    erased: bool = False
    words_erased: bool = False
    extended_by_itself: bool = False
    talks: str = "none"
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
        if act == "answer":
            return self._answer()
        if there := ACTS[act][1]:
            self._move(there, today)
        if act in {"send", "return"}:
            over = self.due_on + UNTIL_EXPIRY
            self.expires_on = over if over > today else None  # what is over is not made up for
        return [EVENTS[act]] if act in EVENTS else []

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
        return self.talks in {"open", "proposed"} and self.status in LIVING

    @property
    def is_talked_about(self) -> bool:
        return self.talks in {"open", "proposed"} and self.status in LIVING

    def lets_time_pass(self, today: date) -> list[str]:
        """What the clock must do by that day; a reminder may come besides."""
        happened = []
        over = self.expires_on is not None and self.expires_on <= today
        if over and self.status in WAITING and not self.is_talked_about:
            self._move("expired", today)
            happened = ["assessment.expired"]
        return happened

    def forgets(self, today: date) -> None:
        """What the sweep must erase on that day."""
        base = self.decided_on or max(self.submitted_on or self.due_on, self.due_on)
        if months_after(base, 36) <= today:
            self.erased, self.expires_on = True, None
        words = max(base, self.talked_on or base)
        self.words_erased = self.words_erased or months_after(words, 84) <= today

    def _answer(self) -> list[str]:
        self.answered = True
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
