"""That somebody is to be written to is a row; the workers do the rest."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assessments import timetable
from assessments.models import COPIES, Assessment, Mail, Occasion
from assessments.reasons import Reason
from events import bell
from suppliers.models import Contact


def owe(
    assessment: Assessment,
    contact: Contact,
    kind: Occasion.Kind,
    *,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Write down that this person is to be written to, now or later, and wake the workers."""
    mail = Mail.objects.create(
        contractor=assessment.contractor, contact=contact, due_at=due_at or now
    )
    Occasion.objects.create(
        contractor=assessment.contractor,
        assessment=assessment,
        mail=mail,
        kind=kind,
        arose_on=timezone.localdate(now),
    )
    bell.ring("assessments.send_mail")


def owe_anew(
    assessment: Assessment,
    contact: Contact,
    kind: Occasion.Kind,
    *,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """For what may happen twice in a day. A letter yet to leave tells all: it is read then."""
    today = timezone.localdate(now)
    earlier = assessment.occasions.filter(kind=kind, arose_on=today).select_related("mail").first()
    if earlier is None:
        owe(assessment, contact, kind, now=now, due_at=due_at)
    elif _is_over(earlier) or earlier.mail.contact_id != contact.pk:
        earlier.left_out = ""
        earlier.mail = Mail.objects.create(
            contractor=assessment.contractor, contact=contact, due_at=due_at or now
        )
        earlier.save(update_fields=["left_out", "mail"])
        bell.ring("assessments.send_mail")


def written_to(requests: Collection[int]) -> list[Assessment]:
    """Those of these requests whose contact had a letter, or may have one that just leaves."""
    in_flight = Q(mail__outcome="", mail__closed_at=None, mail__late_since__isnull=False)
    left = Occasion.objects.to_the_contact().filter(
        Q(mail__outcome__in=("sent", "uncertain")) | in_flight,
        assessment=OuterRef("pk"),
        left_out="",
    )
    return list(Assessment.objects.filter(Exists(left), pk__in=requests).order_by("pk"))


def apologise(assessments: Iterable[Assessment], *, now: datetime) -> None:
    """Say that there is nothing to do any more, in office hours, once a request."""
    rows = list(assessments)
    mails = Mail.objects.bulk_create(
        Mail(
            contractor_id=each.contractor_id,
            contact_id=each.contact_id,
            due_at=timetable.open_at(now, seed=each.contact_id),
        )
        for each in rows
    )
    today = timezone.localdate(now)
    Occasion.objects.bulk_create(
        Occasion(
            contractor_id=each.contractor_id,
            assessment=each,
            mail=mail,
            kind=Occasion.Kind.CANCELLED,
            arose_on=today,
        )
        for each, mail in zip(rows, mails, strict=True)
    )
    if mails:
        bell.ring("assessments.send_mail")


def _is_over(occasion: Occasion) -> bool:
    """Its letter has left, or will leave without a word about it."""
    return occasion.mail.closed_at is not None or bool(occasion.left_out)


def drop(assessment: Assessment, contact: Contact, *, now: datetime) -> None:
    """What has not left yet and has nothing to say to who is not in charge any more."""
    about = assessment.occasions.to_address(contact.email.lower())
    vain = about.filter(mail__closed_at=None).exclude(kind__in=COPIES)
    vain.update(left_out=Reason.HANDED_OVER)
    others = Occasion.objects.filter(mail=OuterRef("pk"), left_out="")
    owed = Mail.objects.filter(~Exists(others), pk__in=vain.values("mail"))
    owed.update(closed_at=now, due_at=None, outcome="dropped")
