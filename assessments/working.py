"""What a person of the contractor has to do: answer suppliers first, then decide about answers.

Ignoring or delaying talks is what the act on fair subcontracting forbids, so whoever waits for a
word stands above every decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import F, Value

from assessments import awaiting, deciding, timetable
from assessments.models import Assessment, Consultation
from contractors.models import Contractor
from ratings.policy import Text

DECISION: Final = "decision"  # beside the kinds of threads


class Wait(StrEnum):
    """Why a thread stands in the list."""

    UNANSWERED = "unanswered"
    WAITING = "waiting"


REASONS: Final = {
    Wait.UNANSWERED: Text(
        "10営業日のあいだ、誰も回答していません。回答するまで、この取引先への催促・新しい依頼・発注の見合わせはできません。",
        "Nobody answered for 10 business days. Until a person does, this supplier is not reminded,"
        " asked anew or held.",
    ),
    Wait.WAITING: Text(
        "取引先が回答を待っています。5営業日のうちに、担当の方がお答えください。",
        "The supplier waits for a word. Let a person answer within 5 business days.",
    ),
}


@dataclass(frozen=True)
class Lists:
    """Rows with `since`, the moment since when they wait, and `part`, the number of their list."""

    threads: Any
    decisions: Any

    @property
    def both(self) -> Sequence[Any]:
        return self.threads, self.decisions

    def having(self, reason: str) -> Sequence[Any]:
        """What stands there for this reason alone."""
        if reason in set(Wait):
            late = reason == Wait.UNANSWERED
            return (self.threads.filter(unanswered_at__isnull=not late), self.decisions.none())
        return (self.threads.none(), self.decisions.filter(flags__contains=[reason]))


@dataclass(frozen=True)
class Line:
    """One thing to do. `business_days` are those that began since, in Japan."""

    request: Assessment
    kind: str
    waiting_since: datetime
    business_days: int
    consultation: str | None
    reasons: Sequence[dict[str, str | Text]]


def lists(contractor: Contractor) -> Lists:
    """Of this contractor, in any order."""
    threads = Consultation.objects.of(contractor).awaited().select_related("assessment__supplier")
    decisions = Assessment.objects.of(contractor).undecided().select_related("supplier")
    return Lists(
        threads.annotate(since=F("waiting_since"), part=Value(0)),
        decisions.annotate(since=F("submitted_at"), part=Value(1)),
    )


def line(row: Any, *, now: datetime) -> Line:
    """A row of either list as it is told."""
    thread = row if isinstance(row, Consultation) else None
    return Line(
        request=thread.assessment if thread else row,
        kind=thread.kind if thread else DECISION,
        waiting_since=row.since,
        business_days=timetable.business_days(row.since, now),
        consultation=awaiting.address(thread) if thread else None,
        reasons=_why(thread) if thread else deciding.reasons(row.flags),
    )


def _why(thread: Consultation) -> list[dict[str, str | Text]]:
    wait = Wait.UNANSWERED if thread.unanswered_at else Wait.WAITING
    return [{"code": wait.value, "detail": REASONS[wait]}]
