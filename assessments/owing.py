"""That somebody is to be written to is a row; the workers do the rest."""

from datetime import datetime

from django.utils import timezone

from assessments.models import COPIES, Assessment, Mail, Occasion
from events import bell
from suppliers.models import Contact


def owe(assessment: Assessment, contact: Contact, kind: Occasion.Kind, *, now: datetime) -> None:
    """Write down that this person is to be written to, and wake the workers."""
    mail = Mail.objects.create(contractor=assessment.contractor, contact=contact, due_at=now)
    Occasion.objects.create(
        contractor=assessment.contractor,
        assessment=assessment,
        mail=mail,
        kind=kind,
        arose_on=timezone.localdate(now),
    )
    bell.ring("assessments.send_mail")


def owe_anew(
    assessment: Assessment, contact: Contact, kind: Occasion.Kind, *, now: datetime
) -> None:
    """For what may happen twice in a day. A letter yet to leave tells all: it is read then."""
    today = timezone.localdate(now)
    earlier = assessment.occasions.filter(kind=kind, arose_on=today).select_related("mail").first()
    if earlier is None:
        owe(assessment, contact, kind, now=now)
    elif earlier.mail.closed_at is not None or earlier.mail.contact_id != contact.pk:
        earlier.mail = Mail.objects.create(
            contractor=assessment.contractor, contact=contact, due_at=now
        )
        earlier.save(update_fields=["mail"])
        bell.ring("assessments.send_mail")


def drop(assessment: Assessment, contact: Contact, *, now: datetime) -> None:
    """What has not left yet and has nothing to say to who is not in charge any more."""
    about = Occasion.objects.filter(assessment=assessment, mail__contact=contact)
    owed = Mail.objects.filter(pk__in=about.exclude(kind__in=COPIES).values("mail"), closed_at=None)
    owed.update(closed_at=now, due_at=None, outcome="dropped")
