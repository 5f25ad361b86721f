"""Another person of the supplier takes a request over, with all that was answered.

From that moment nobody gets in by an earlier link or browser, and the new person gets one letter:
where the campaign's has not left, it is that one, at its moment, and nobody else hears of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import enlisting, entering, inviting, naming, owing
from assessments.errors import NoContact, SameContact, WrongStatus
from assessments.locking import lock, lock_for_contact
from assessments.models import OPEN, Assessment, Occasion
from contractors.actors import Actor
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers.models import Contact, Supplier

CHANGEABLE: Final = sorted(status.value for status in OPEN)


@dataclass(frozen=True)
class Successor:
    """Who is named, by the mail address; a person who is known keeps the other fields."""

    name: str
    email: str
    title: str = ""
    department: str = ""
    phone: str = ""


@transaction.atomic
def hand_over(
    assessment: Assessment, successor: Successor, *, keep_copy: bool = False, now: datetime
) -> Assessment:
    """The contact names another person, and with `keep_copy` is told so by mail as well.

    Whether it is the contact who asks is the door's to know. Refused for the same person, and for
    one who cannot be written to.
    """
    assessment = lock_for_contact(assessment)
    _check(assessment)
    former, actor = assessment.contact, assessment.supplier_actor()
    role = Contact.Role.OTHER
    contact, made = naming.find_or_add(assessment, role=role, now=now, **vars(successor))
    unheard = _put_in_charge(assessment, contact, by=former, now=now)
    if keep_copy and not unheard:
        owing.owe_anew(assessment, former, Occasion.Kind.HANDED_OVER_COPY, now=now)
    _happened(assessment, actor, made=made, now=now)
    return assessment


@transaction.atomic
def change(assessment: Assessment, contact: Contact, *, actor: Actor, now: datetime) -> Assessment:
    """The contractor asks another contact of the same supplier. Refuses like `hand_over`."""
    assessment = lock(assessment)
    _check(assessment)
    _put_in_charge(assessment, contact, by=None, now=now)
    _happened(assessment, actor, made=False, now=now)
    return assessment


def _check(assessment: Assessment) -> None:
    if assessment.erased_at is not None:
        assessment.refuse_erased()
    if assessment.status not in OPEN:
        raise WrongStatus(
            _("Only a request that still takes answers can be handed over."), allowed=CHANGEABLE
        )
    if assessment.supplier.status == Supplier.Status.ARCHIVED:
        raise NoContact(_("This supplier is archived, so nobody there can be written to."))


def _put_in_charge(
    assessment: Assessment, contact: Contact, *, by: Contact | None, now: datetime
) -> bool:
    """Says whether nobody had heard of it yet."""
    if contact.pk == assessment.contact_id:
        raise SameContact(_("This person is in charge already. Name somebody else."))
    if contact.status != Contact.Status.ACTIVE:
        raise NoContact(
            _("No mails can be sent to this person: they were stopped, or came back. Name another.")
        )
    unheard = assessment.is_unheard()
    owing.drop(assessment, assessment.contact, now=now)
    inviting.revoke_links(assessment, now=now)
    enlisting.end(assessment, now=now)
    entering.end(assessment, now=now)
    assessment.contact, assessment.handed_over_by = contact, by
    assessment.contact_changed_at = now
    assessment.save(update_fields=["contact", "handed_over_by", "contact_changed_at"])
    _owe(assessment, unheard=unheard, now=now)
    return unheard


def _owe(assessment: Assessment, *, unheard: bool, now: datetime) -> None:
    """Before its campaign has asked, the new person is simply the one who is invited."""
    kind, due_at = Occasion.Kind.HANDED_OVER, now
    if unheard:
        assert assessment.invited_at
        kind, due_at = Occasion.Kind.INVITATION, max(now, assessment.invited_at)
    owing.owe_anew(assessment, assessment.contact, kind, now=now, due_at=due_at)


def _happened(assessment: Assessment, actor: Actor, *, made: bool, now: datetime) -> None:
    happenings = [
        Happening(Kind.ASSESSMENT_CONTACT_CHANGED, assessment.public_id, ["contact"]),
    ]
    if made:
        supplier = assessment.supplier.public_id
        happenings.append(Happening(Kind.SUPPLIER_UPDATED, supplier, ["contacts"]))
    recording.record(assessment.contractor, happenings, actor=actor, now=now)
