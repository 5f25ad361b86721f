"""The responsible person is asked to confirm the answers before they are handed in.

Until that person confirms or returns them, or who asked takes the question back, they do not
change: what is confirmed is what was asked about.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import freezing, naming, owing, submitting
from assessments.errors import (
    Incomplete,
    NoContact,
    NotAsked,
    SameContact,
    Stale,
    TooMany,
    WrongStatus,
)
from assessments.locking import check_unfrozen, lock_for_contact
from assessments.models import (
    MOVES,
    OPEN,
    Assessment,
    Confirmation,
    Occasion,
    Status,
    Submission,
)
from assessments.submitting import Responsible
from contractors.actors import Actor
from events import recording
from events.models import Kind
from events.recording import Happening
from questionnaires import content
from suppliers.models import Contact, Supplier

State = Confirmation.State
A_DAY: Final = timedelta(days=1)
ASKS_A_DAY: Final = 5  # about one request: each is a letter to an address that somebody typed
FROM: Final = frozenset(here for here in OPEN if Status.SUBMITTED in MOVES[here])


@transaction.atomic
def ask(assessment: Assessment, responsible: Responsible, *, now: datetime) -> Confirmation:
    """Write to this person, and keep the answers as they are. Twice is the same as once.

    Refuses gaps, as handing in does, and whoever cannot be written to.
    """
    assessment = lock_for_contact(assessment)
    _check(assessment)
    asked = assessment.confirmations.asked().select_related("person").first()
    if asked and asked.person.email.lower() == responsible.email.lower():
        return asked
    check_unfrozen(assessment)
    _check_gaps(assessment)
    recent = assessment.confirmations.filter(asked_at__gt=now - A_DAY)
    if recent.count() >= ASKS_A_DAY:
        raise TooMany(_("Confirmation was asked for five times within a day. Try again tomorrow."))
    person = _person(assessment, responsible, now=now)
    made = Confirmation.objects.create(
        contractor=assessment.contractor,
        assessment=assessment,
        person=person,
        digest=_digest(assessment),
        asked_at=now,
    )
    owing.owe_anew(assessment, person, Occasion.Kind.CONFIRMATION, now=now)
    return made


@transaction.atomic
def take_back(confirmation: Confirmation, *, now: datetime) -> None:
    """The link ends and the answers may change again. What is over already stays as it ended."""
    held = _held(confirmation)
    if held.state == State.ASKED:
        _end(held, State.TAKEN_BACK, now=now)


@transaction.atomic
def return_(confirmation: Confirmation, *, note: str, now: datetime) -> None:
    """Back to who asked, with what is to be changed. Twice is the same as once."""
    held = _held(confirmation)
    if held.state == State.RETURNED:
        return
    _check_asked(held)
    held.note = note
    _end(held, State.RETURNED, now=now)


@transaction.atomic
def confirm(confirmation: Confirmation, *, now: datetime) -> Submission:
    """Hand the answers in, with the person who was asked as the responsible one."""
    held = _held(confirmation)
    assessment, person = held.assessment, held.person
    if held.state == State.CONFIRMED:
        return assessment.submissions.latest("number")
    _check_asked(held)
    if is_changed(held):
        raise Stale(_("Something about these answers changed since you were asked."))
    _end(held, State.CONFIRMED, now=now)
    responsible = Responsible(name=person.name, title=person.title, email=person.email)
    actor = Actor("supplier", str(person.public_id))
    return submitting.submit(assessment, responsible=responsible, actor=actor, now=now)


def is_changed(confirmation: Confirmation) -> bool:
    """The answers stay, but a document may have been removed by the contractor."""
    return confirmation.digest != _digest(confirmation.assessment)


def _check(assessment: Assessment) -> None:
    if assessment.erased_at is not None:
        assessment.refuse_erased()
    if assessment.status not in FROM:
        raise WrongStatus(
            _("Only answers that can be handed in can be confirmed."), allowed=sorted(FROM)
        )
    if assessment.supplier.status == Supplier.Status.ARCHIVED:
        raise NoContact(_("This supplier is archived, so nobody there can be written to."))


def _check_gaps(assessment: Assessment) -> None:
    if gaps := submitting.missing(assessment):
        raise Incomplete(
            _("Some questions have no answer yet."),
            missing=gaps.answers,
            missing_profile=gaps.profile,
        )


def _person(assessment: Assessment, responsible: Responsible, *, now: datetime) -> Contact:
    person, made = naming.find_or_add(
        assessment,
        email=responsible.email,
        role=Contact.Role.RESPONSIBLE,
        now=now,
        name=responsible.name,
        title=responsible.title,
    )
    if person.pk == assessment.contact_id:
        raise SameContact(_("You answer yourself: tick the box and hand in, or name another."))
    if Contact.objects.of_person(person).exclude(status=Contact.Status.ACTIVE).exists():
        raise NoContact(
            _("No mails can be sent to this person: they were stopped, or came back. Name another.")
        )
    if made:
        supplier = assessment.supplier.public_id
        happening = Happening(Kind.SUPPLIER_UPDATED, supplier, ["contacts"])
        actor = assessment.supplier_actor()
        recording.record(assessment.contractor, [happening], actor=actor, now=now)
    return person


def _held(confirmation: Confirmation) -> Confirmation:
    """As it is now, its request held and complete."""
    assessment = lock_for_contact(confirmation.assessment)
    held = Confirmation.objects.select_related("person").get(pk=confirmation.pk)
    held.assessment = assessment
    return held


def _check_asked(held: Confirmation) -> None:
    gone = held.person.erased_at is not None
    if gone or held.state != State.ASKED or held.assessment.status not in OPEN:
        raise NotAsked(_("This confirmation is not asked for any more."))


def _end(held: Confirmation, state: Confirmation.State, *, now: datetime) -> None:
    held.state, held.ended_at = state, now
    held.save(update_fields=["state", "note", "ended_at"])
    held.links.filter(revoked_at=None).update(revoked_at=now)


def _digest(assessment: Assessment) -> str:
    answers = assessment.answers.exclude(value="").order_by("number")
    return content.digest(freezing.snapshot(assessment, answers))
