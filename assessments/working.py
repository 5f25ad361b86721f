"""What a person of the contractor has to do: answer suppliers first, then call those who did not
answer, then find who can be written to, then decide about answers.

Ignoring or delaying talks is what the act on fair subcontracting forbids, so whoever waits for a
word stands above every decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Value

from assessments import awaiting, deciding, retracing, timetable, unreached
from assessments.models import Assessment, Consultation
from assessments.retracing import Left
from contractors.models import Contractor
from ratings.policy import Text

THREADS, PHONES, BOUNCED, UNSENT, DECISIONS = range(5)  # the parts of the list, in their order
DECISION: Final = "decision"  # beside the kinds of threads
PHONE: Final = "phone"  # likewise, and why it stands in the list
MAIL: Final = "mail"  # of those of whom the contact hears nothing
SILENCES: Final = {BOUNCED: "bounced", UNSENT: "unsent"}
KINDS: Final = {PHONES: PHONE, BOUNCED: MAIL, UNSENT: MAIL, DECISIONS: DECISION}


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
    SILENCES[BOUNCED]: Text(
        "担当者のメールアドレスが使えません。お電話で正しい宛先を確かめ、担当者を変更してください。",
        "The mailbox of the contact refuses mail. Call, ask for the right address, and change the"
        " contact.",
    ),
    SILENCES[UNSENT]: Text(
        "5時間あまり試しましたが、メールを送れませんでした。アドレスを確かめるか、お電話でお伝えください。",
        "For more than five hours a mail could not be sent. Check the address, or tell them by"
        " phone.",
    ),
}


@dataclass(frozen=True)
class Lists:
    """Rows with `since`, the moment since when they wait, and `part`, the number of their list."""

    threads: Any
    phones: Any
    bounced: Any
    unsent: Any
    decisions: Any

    @property
    def all(self) -> Sequence[Any]:
        return self.threads, self.phones, self.bounced, self.unsent, self.decisions

    def having(self, reason: str) -> Sequence[Any]:
        """What stands there for this reason alone."""
        kept = [rows.none() for rows in self.all]
        if reason in set(Wait):
            late = reason == Wait.UNANSWERED
            kept[THREADS] = self.threads.filter(unanswered_at__isnull=not late)
        elif reason == PHONE:
            kept[PHONES] = self.phones
        elif reason in SILENCES.values():
            part = BOUNCED if reason == SILENCES[BOUNCED] else UNSENT
            kept[part] = self.all[part]
        else:
            kept[DECISIONS] = self.decisions.filter(flags__contains=[reason])
        return kept


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
    bounced, unsent = (
        rows.of(contractor).select_related("supplier")
        for rows in (unreached.bounced(), unreached.unsent())
    )
    return Lists(
        threads.annotate(since=F("waiting_since"), part=Value(THREADS)),
        phones.select_related("supplier").annotate(since=F("escalated_at"), part=Value(PHONES)),
        bounced.annotate(part=Value(BOUNCED)),
        unsent.annotate(part=Value(UNSENT)),
        decisions.annotate(since=F("submitted_at"), part=Value(DECISIONS)),
    )


def lines(rows: Sequence[Any], *, now: datetime) -> list[Line]:
    """Rows of any list as they are told."""
    called = [row for row in rows if row.part == PHONES]
    letters = retracing.left_about(called) if called else {}
    return [_line(row, letters.get(row.pk, ()), now=now) for row in rows]


def _line(row: Any, letters: Sequence[Left], *, now: datetime) -> Line:
    thread = row if isinstance(row, Consultation) else None
    return Line(
        request=thread.assessment if thread else row,
        kind=thread.kind if thread else KINDS[row.part],
        waiting_since=row.since,
        business_days=timetable.business_days(row.since, now),
        consultation=awaiting.address(thread) if thread else None,
        reasons=_why(row),
        letters=() if thread else letters,
    )


def _why(row: Any) -> Sequence[dict[str, str | Text]]:
    if row.part == DECISIONS:
        return deciding.reasons(row.flags)
    code = SILENCES.get(row.part, PHONE)
    if row.part == THREADS:
        code = (Wait.UNANSWERED if row.unanswered_at else Wait.WAITING).value
    return [{"code": code, "detail": REASONS[code]}]
