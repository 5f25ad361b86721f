"""A colleague is asked for the answers to some questions, gives them back, or cannot answer.

Whoever is in charge stays so: a colleague reads and writes the questions asked and hands nothing
in. What is asked is taken back at any time, and ends when the answers are handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import answering, naming
from assessments.answering import Conflict, Given
from assessments.errors import (
    AlreadyAsked,
    NoContact,
    NotDelegated,
    SameContact,
    TooMany,
)
from assessments.locking import check_unfrozen, lock, lock_for_contact
from assessments.models import Assessment, Delegation, Mail, Occasion
from contractors.actors import Actor
from events import bell, recording
from events.models import Kind
from events.recording import Happening
from suppliers.models import Contact, Supplier

DAY: Final = timedelta(days=1)
MOST: Final = 20  # letters to colleagues about one request: anybody's address may be written here
MOST_A_DAY: Final = 5
Outcome = Delegation.Outcome


@dataclass(frozen=True)
class Colleague:
    """By the mail address; a person who is known keeps the known name."""

    name: str
    email: str


@dataclass(frozen=True)
class Wish:
    """Who is asked, for the answers to which questions, and a word of the asker's own."""

    colleague: Colleague
    numbers: tuple[int, ...]
    note: str = ""


def draft(assessment: Assessment, wish: Wish, *, now: datetime) -> Delegation:
    """As it would be asked, and not stored: for the letter that is shown before it is sent."""
    contact = _person(assessment, wish.colleague)
    return _delegation(assessment, contact, wish, now=now)


@transaction.atomic
def delegate(assessment: Assessment, wish: Wish, *, now: datetime) -> Delegation:
    """The contact asks; a letter with a link of its own is owed. The same twice is asked once.

    Refused for who is in charge, who cannot be written to, and beyond a number of colleagues.
    """
    assessment = answering.lock_open(assessment)
    if earlier := _earlier(assessment, wish):
        return earlier
    check(assessment, wish, now=now)
    contact, made = naming.find_or_add(
        assessment, role=Contact.Role.OTHER, now=now, **vars(wish.colleague)
    )
    delegation = _delegation(assessment, contact, wish, now=now)
    delegation.save(force_insert=True)
    _owe(delegation, now=now)
    happenings = [Happening(Kind.ASSESSMENT_DELEGATED, assessment.public_id, ["delegations"])]
    if made:
        supplier = assessment.supplier.public_id
        happenings.append(Happening(Kind.SUPPLIER_UPDATED, supplier, ["contacts"]))
    actor = assessment.supplier_actor()
    recording.record(assessment.contractor, happenings, actor=actor, now=now)
    return delegation


def check(assessment: Assessment, wish: Wish, *, now: datetime) -> None:
    """Refuse what cannot be asked, also before the letter is shown."""
    contact = _person(assessment, wish.colleague)
    if contact.email.lower() == assessment.contact.email.lower():
        raise SameContact(_("This is your own address. Name a colleague."))
    stopped = Contact.objects.of_person(contact).exclude(status=Contact.Status.ACTIVE)
    if stopped.exists() or assessment.supplier.status == Supplier.Status.ARCHIVED:
        raise NoContact(
            _("No mails can be sent to this person: they were stopped, or came back. Name another.")
        )
    if _running(assessment, wish.colleague).exists():
        raise AlreadyAsked(_("This colleague is asked already. Take that back first."))
    _count(assessment, now=now)


@transaction.atomic
def take_back(delegation: Delegation, *, now: datetime) -> None:
    """From now on the colleague's link opens nothing. What was answered stays. Safe to repeat."""
    held = lock_for_contact(delegation.assessment)
    running = held.delegations.running().filter(pk=delegation.pk).first()
    if running is not None:
        _end(held, running, Outcome.TAKEN_BACK, actor=held.supplier_actor(), now=now)


@transaction.atomic
def answer(delegation: Delegation, given: Mapping[int, Given], *, now: datetime) -> list[Conflict]:
    """As `answering.answer`, by the colleague. Refuses all that was not asked."""
    assessment, delegation = _hold(delegation)
    if not set(given) <= set(delegation.numbers):
        raise NotDelegated(_("Only the questions asked can be answered here."))
    check_unfrozen(assessment)
    conflicts = answering.keep(assessment, given, actor=_actor(delegation), now=now)
    if delegation.saved_at is None and len(conflicts) < len(given):
        delegation.saved_at = now
        delegation.save(update_fields=["saved_at"])
    return conflicts


@transaction.atomic
def give_back(delegation: Delegation, *, now: datetime) -> None:
    """The colleague has done; gaps are the asker's to fill."""
    assessment, delegation = _hold(delegation)
    _end(assessment, delegation, Outcome.GIVEN_BACK, actor=_actor(delegation), now=now)


@transaction.atomic
def decline(delegation: Delegation, *, now: datetime) -> None:
    """The colleague cannot answer, and whoever asked sees it."""
    assessment, delegation = _hold(delegation)
    _end(assessment, delegation, Outcome.DECLINED, actor=_actor(delegation), now=now)


def _person(assessment: Assessment, colleague: Colleague) -> Contact:
    """Known, or as it would be written down."""
    found = naming.known(assessment, colleague.email)
    return found or naming.new(assessment, role=Contact.Role.OTHER, **vars(colleague))


def _hold(delegation: Delegation) -> tuple[Assessment, Delegation]:
    """Both as they are now, the request first. Refuses what is over."""
    assessment = lock(delegation.assessment)
    held = assessment.delegations.running().select_related("contact").filter(pk=delegation.pk)
    found = held.first()
    if found is None:
        raise NotDelegated(_("This is not asked any more."))
    return assessment, found


def _delegation(
    assessment: Assessment, contact: Contact, wish: Wish, *, now: datetime
) -> Delegation:
    return Delegation(
        contractor=assessment.contractor,
        assessment=assessment,
        asked_by=assessment.contact,
        contact=contact,
        numbers=sorted(wish.numbers),
        note=wish.note,
        asked_at=now,
    )


def _running(assessment: Assessment, colleague: Colleague) -> QuerySet[Delegation]:
    return assessment.delegations.running().filter(contact__email__iexact=colleague.email)


def _earlier(assessment: Assessment, wish: Wish) -> Delegation | None:
    """The same wish a click before."""
    same = _running(assessment, wish.colleague).filter(numbers=sorted(wish.numbers))
    return same.filter(note=wish.note).first()


def _count(assessment: Assessment, *, now: datetime) -> None:
    asked = list(assessment.delegations.values_list("asked_at", flat=True))
    if len(asked) >= MOST:
        raise TooMany(_("20 colleagues were asked about this request, and more cannot be."))
    if sum(at > now - DAY for at in asked) >= MOST_A_DAY:
        raise TooMany(_("Five colleagues were asked within a day. Ask more of them tomorrow."))


def _owe(delegation: Delegation, *, now: datetime) -> None:
    contractor = delegation.contractor
    mail = Mail.objects.create(contractor=contractor, contact=delegation.contact, due_at=now)
    Occasion.objects.create(
        contractor=contractor,
        delegation=delegation,
        mail=mail,
        kind=Occasion.Kind.DELEGATED,
        arose_on=timezone.localdate(now),
    )
    bell.ring("assessments.send_mail")


def _end(
    assessment: Assessment,
    delegation: Delegation,
    outcome: Delegation.Outcome,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    delegation.ended_at, delegation.outcome = now, outcome
    delegation.save(update_fields=["ended_at", "outcome"])
    detail = {"outcome": outcome.value}
    happening = Happening(
        Kind.ASSESSMENT_DELEGATION_ENDED, assessment.public_id, ["delegations"], detail
    )
    recording.record(assessment.contractor, [happening], actor=actor, now=now)


def _actor(delegation: Delegation) -> Actor:
    return Actor("supplier", str(delegation.contact.public_id))
