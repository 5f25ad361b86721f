"""The contractor reminds by hand: in office hours, one letter a day to a person, four a request."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from assessments import awaiting, timetable
from assessments.errors import NoContact, NotInvitedYet, RemindedEnough, WrittenToday, WrongStatus
from assessments.locking import lock
from assessments.models import OPEN, REMINDERS, Assessment, Mail, Occasion
from contractors.actors import Actor
from events import bell, recording
from events.models import Kind
from events.recording import Happening
from suppliers import days
from suppliers.models import Contact, Supplier

MOST: Final = 4  # reminders of one request, by the clock and by hand


@transaction.atomic
def remind(assessment: Assessment, *, actor: Actor, now: datetime) -> Assessment:
    """Owe a reminder now, or at the next opening if it is no hour for letters."""
    assessment = lock(assessment)
    contact = Contact.objects.select_for_update(no_key=True).get(pk=assessment.contact_id)
    opening = now
    if not timetable.is_open(now):
        opening = timetable.next_opening(now, seed=assessment.number)
    _check(assessment)
    _check_letters(assessment, contact, opening=opening)
    mail = Mail.objects.create(contractor=assessment.contractor, contact=contact, due_at=opening)
    Occasion.objects.create(
        contractor=assessment.contractor,
        assessment=assessment,
        mail=mail,
        kind=Occasion.Kind.REMINDER,
        arose_on=days.in_japan(opening),
    )
    bell.ring("assessments.send_mail")
    happening = Happening(Kind.ASSESSMENT_REMINDED, assessment.public_id)
    recording.record(assessment.contractor, [happening], actor=actor, now=now)
    return assessment


def _check(assessment: Assessment) -> None:
    if assessment.erased_at is not None:
        assessment.refuse_erased()
    if assessment.status not in OPEN:
        raise WrongStatus(
            _("Only a request that still takes answers can be reminded of."),
            allowed=sorted(status.value for status in OPEN),
        )
    if assessment.is_unheard():
        raise NotInvitedYet(
            _("The letter that asks this supplier has not left yet. Remind after it has.")
        )
    awaiting.check(assessment.supplier)


def _check_letters(assessment: Assessment, contact: Contact, *, opening: datetime) -> None:
    archived = assessment.supplier.status == Supplier.Status.ARCHIVED
    if archived or contact.status != Contact.Status.ACTIVE:
        raise NoContact(_("This contact cannot be written to. Call instead, or ask another one."))
    day = days.in_japan(opening)
    written = Mail.objects.filter(contact__in=Contact.objects.of_person(contact)).filter(
        Q(occasions__arose_on=day) | Q(counted_on=day)
    )
    if written.exists():
        raise WrittenToday(
            _("This person is written to on that day already. Wait for another day.")
        )
    if assessment.occasions.filter(kind__in=REMINDERS).count() >= MOST:
        raise RemindedEnough(_("Four reminders were written for this request. Call instead."))
