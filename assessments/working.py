"""What a person of the contractor has to do: answer suppliers first, then call those who did not
answer, then decide about answers.

Ignoring or delaying talks is what the act on fair subcontracting forbids, so whoever waits for a
word stands above every decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Value

from assessments import awaiting, deciding, retracing, timetable
from assessments.models import Assessment, Consultation
from assessments.retracing import Left
from contractors.models import Contractor
from ratings.policy import Text

THREADS, PHONES, DECISIONS = range(3)  # the parts of the list, in their order
DECISION: Final = "decision"  # beside the kinds of threads
PHONE: Final = "phone"  # likewise, and why it stands in the list


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
    PHONE: Text(
        "期限を過ぎても回答がなく、メールでのご案内も終わりました。お電話で、ご都合をうかがってください。",
        "The deadline has passed, the letters are sent, and there is no answer. Call, and ask what"
        " would help.",
    ),
}


@dataclass(frozen=True)
class Lists:
    """Rows with `since`, the moment since when they wait, and `part`, the number of their list."""

    threads: Any
    phones: Any
    decisions: Any

    @property
    def all(self) -> Sequence[Any]:
        return self.threads, self.phones, self.decisions

    def having(self, reason: str) -> Sequence[Any]:
        """What stands there for this reason alone."""
        none = self.threads.none(), self.phones.none(), self.decisions.none()
        if reason in set(Wait):
            late = reason == Wait.UNANSWERED
            return (self.threads.filter(unanswered_at__isnull=not late), *none[1:])
        if reason == PHONE:
            return (none[0], self.phones, none[2])
        return (*none[:2], self.decisions.filter(flags__contains=[reason]))


@dataclass(frozen=True)
class Line:
    """One thing to do. `business_days` are those that began since, in Japan; `letters` those that
    were written in vain to who is to be called.
    """

    request: Assessment
    kind: str
    waiting_since: datetime
    business_days: int
    consultation: str | None
    reasons: Sequence[dict[str, str | Text]]
    letters: Sequence[Left] = ()


def lists(contractor: Contractor) -> Lists:
    """Of this contractor, in any order."""
    threads = Consultation.objects.of(contractor).awaited().select_related("assessment__supplier")
    decisions = Assessment.objects.of(contractor).undecided().select_related("supplier")
    talks = Consultation.objects.pausing().filter(assessment=OuterRef("pk"))
    phones = Assessment.objects.of(contractor).to_phone().filter(~Exists(talks))
    return Lists(
        threads.annotate(since=F("waiting_since"), part=Value(THREADS)),
        phones.select_related("supplier").annotate(since=F("escalated_at"), part=Value(PHONES)),
        decisions.annotate(since=F("submitted_at"), part=Value(DECISIONS)),
    )


def lines(rows: Sequence[Any], *, now: datetime) -> list[Line]:
    """Rows of any list as they are told."""
    called = [row for row in rows if row.part == PHONES]
    letters = retracing.left_about(called) if called else {}
    return [
        _phone(row, letters.get(row.pk, ()), now=now) if row.part == PHONES else _line(row, now=now)
        for row in rows
    ]


def _phone(row: Assessment, letters: Sequence[Left], *, now: datetime) -> Line:
    assert row.escalated_at
    return Line(
        request=row,
        kind=PHONE,
        waiting_since=row.escalated_at,
        business_days=timetable.business_days(row.escalated_at, now),
        consultation=None,
        reasons=[{"code": PHONE, "detail": REASONS[PHONE]}],
        letters=letters,
    )


def _line(row: Any, *, now: datetime) -> Line:
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
