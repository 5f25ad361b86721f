"""All that was written about one request and will be, and why each did or would not leave."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessments import scheduling, withholding
from assessments.models import (
    AUTOMATIC,
    Assessment,
    Consultation,
    Mail,
    Notice,
    Occasion,
    OwedLetter,
    Status,
)
from assessments.reasons import Reason
from assessments.steps import MOST_LETTERS, Code

PHONE: Final = Notice.Kind.PHONE.value
REASONS: Final = {
    Reason.ARCHIVED: gettext_noop("The supplier is archived."),
    Reason.BOUNCED: gettext_noop("The mailbox does not exist."),
    Reason.OPTED_OUT: gettext_noop("The person wants no more mails."),
    Reason.SUBMITTED: gettext_noop("The answers were handed in."),
    Reason.DECLINED: gettext_noop("The request was declined."),
    Reason.CANCELLED: gettext_noop("The request was cancelled."),
    Reason.OUTDATED: gettext_noop("What the letter says is not so any more."),
    Reason.HANDED_OVER: gettext_noop("Somebody else is in charge now."),
    Reason.EXTENDED: gettext_noop("Another due day holds."),
    Reason.TALKS: gettext_noop("Talks or a question are open."),
    Reason.UNANSWERED: gettext_noop("The supplier has waited for an answer for too long."),
    Reason.CAPPED: gettext_noop("As many letters as may be were sent."),
}


@dataclass(frozen=True)
class Line:
    """`to` is a role; `contact` the public id of the person and `address` where it goes.

    `outcome` is `planned`, `owed`, `put-off`, `sent`, `dropped`, `bounced`, `uncertain` or
    `given-up`; `reason` says why it did not leave, or would not as things stand.
    """

    at: datetime
    kind: str
    to: str
    outcome: str
    reason: str = ""
    contact: str = ""
    address: str = ""

    def sentence(self) -> str:
        """The reason in the active language."""
        return _(REASONS[Reason(self.reason)]) if self.reason else ""


def plan(assessment: Assessment, *, now: datetime) -> Sequence[Line]:
    """In the order of time: what has happened, what is owed, what is to come."""
    lines = [*_mails(assessment), *_notices(assessment), *_to_come(assessment, now=now)]
    return sorted(lines, key=lambda line: line.at)


def _mails(assessment: Assessment) -> Iterator[Line]:
    about = Q(assessment=assessment) | Q(delegation__assessment=assessment)
    rows = Occasion.objects.filter(about).select_related(
        "mail__contact", "delegation__assessment__supplier", "delegation__assessment__campaign"
    )
    for row in rows.order_by("pk"):
        mail = row.mail
        reason: str = row.left_out
        if not reason and mail.due_at is not None:  # as things stand
            reason = _withheld(row, assessment) or ""
        yield Line(
            _at(mail),
            row.kind,
            mail.contact.role,
            "dropped" if row.left_out else _outcome(mail),
            reason,
            str(mail.contact.public_id),
            mail.contact.email,
        )


def _withheld(row: Occasion, assessment: Assessment) -> Reason | None:
    if row.delegation:
        return withholding.of_delegation(row.delegation, row.mail.contact)
    return withholding.of_request(assessment, row.mail.contact, row.kind)


def _notices(assessment: Assessment) -> Iterator[Line]:
    threads = Consultation.objects.filter(assessment=assessment)
    about = Q(assessment=assessment) | Q(consultation__in=threads)
    rows = Notice.objects.filter(about).select_related("person", "contractor", "told_in")
    for row in rows.order_by("pk"):
        to = "person" if row.person is None else row.person.role
        address = row.contractor.reply_to if row.person is None else row.person.email
        letter = row.told_in or row
        yield Line(_at(letter), row.kind, to, _outcome(letter), address=address)


def _to_come(assessment: Assessment, *, now: datetime) -> Iterator[Line]:
    if assessment.invited_at is None:
        return
    moments = scheduling.schedule_of(assessment).moments(
        invited_at=assessment.invited_at, due_on=assessment.due_on
    )
    contact, written = assessment.contact, _written(assessment)
    for at, code in moments:
        if at <= now or code is Code.EXPIRY:
            continue
        if code is Code.ESCALATION:
            address = assessment.contractor.reply_to
            yield Line(at, PHONE, "person", "planned", _not_phoned(assessment), address=address)
            continue
        found = withholding.of_request(assessment, contact, code.value)
        capped = Reason.CAPPED if written >= MOST_LETTERS else None
        written += not found
        yield Line(
            at,
            code.value,
            contact.role,
            "planned",
            found or capped or "",
            str(contact.public_id),
            contact.email,
        )


def _written(assessment: Assessment) -> int:
    """How many letters that nobody asked for this person had."""
    sent = assessment.occasions.to_the_contact().filter(mail__outcome="sent")
    return sent.filter(kind__in=AUTOMATIC, left_out="").count()


def _not_phoned(assessment: Assessment) -> str:
    if assessment.status in {Status.INVITED, Status.STARTED, Status.RETURNED}:
        talks = assessment.consultations.open().exists()
        return Reason.TALKS if talks else ""
    return withholding.BY_STATUS.get(assessment.status, Reason.OUTDATED)


def _outcome(owed: OwedLetter) -> str:
    if owed.closed_at is not None:
        return owed.outcome
    if owed.due_at is None:
        return "given-up" if owed.outcome != "uncertain" else owed.outcome
    return owed.outcome or "owed"


def _at(owed: Mail | Notice) -> datetime:
    """When it ended, or comes up; of what was given up only when its id was made (RFC 9562)."""
    made_at = datetime.fromtimestamp((owed.message_id.int >> 80) / 1000, tz=UTC)
    return owed.closed_at or owed.due_at or made_at
