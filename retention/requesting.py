"""A person asks that what is kept of them be corrected or erased: a task with a due day.

The act on personal information (個人情報保護法 34, 35) wants it done without delay, and a refusal
explained (36). What is granted to be erased is emptied by the eraser alone (`retention.erasing`).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.errors import Erased, WrongStatus
from contractors.actors import Actor
from events import bell, recording
from events.models import Kind
from events.recording import Happening
from retention.models import PersonRequest
from suppliers import registering
from suppliers.locking import lock
from suppliers.models import Contact

State = PersonRequest.State


@transaction.atomic
def receive(
    contact: Contact,
    kind: PersonRequest.Kind,
    wanted: str,
    *,
    received_on: date,
    actor: Actor,
    now: datetime,
) -> PersonRequest:
    """Write down what a person asks for; it is due so many days after it was received."""
    contact = _lock(contact.pk)
    if contact.erased_at:
        raise Erased(
            _("Nothing of this person is kept any more, so nothing is left to correct or erase."),
            erased_at=contact.erased_at.isoformat(),
        )
    made = PersonRequest.objects.create(
        contractor=contact.contractor,
        contact=contact,
        kind=kind,
        wanted=wanted,
        received_on=received_on,
        due_on=received_on + timedelta(days=settings.PERSON_REQUEST_DAYS),
        created_at=now,
    )
    _happened(made, Kind.PERSON_REQUEST_RECEIVED, actor=actor, now=now)
    return made


@transaction.atomic
def correct(
    public_id: UUID, fields: Mapping[str, str], *, actor: Actor, now: datetime
) -> PersonRequest:
    """Put right what is kept of the person, and be done with it."""
    asked = _lock_open(public_id)
    registering.change_contact(asked.contact, fields, actor=actor, now=now)
    _decide(asked, State.DONE, actor=actor, now=now)
    _happened(asked, Kind.PERSON_REQUEST_GRANTED, actor=actor, now=now)
    return asked


@transaction.atomic
def grant_erasure(public_id: UUID, *, actor: Actor, now: datetime) -> PersonRequest:
    """From now on nothing is mailed to the person; the eraser empties the rows and ends it."""
    asked = _lock_open(public_id)
    Contact.objects.filter(pk=asked.contact_id).update(status=Contact.Status.OPTED_OUT)
    _decide(asked, State.ERASING, actor=actor, now=now)
    _happened(asked, Kind.PERSON_REQUEST_GRANTED, actor=actor, now=now)
    bell.ring("retention.erase")
    return asked


@transaction.atomic
def refuse(public_id: UUID, reason: str, *, actor: Actor, now: datetime) -> PersonRequest:
    """With an explanation for the person."""
    asked = _lock_open(public_id)
    asked.reason = reason
    _decide(asked, State.REFUSED, actor=actor, now=now)
    _happened(asked, Kind.PERSON_REQUEST_REFUSED, actor=actor, now=now)
    return asked


def _lock(contact: int) -> Contact:
    rows = Contact.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("contractor", "supplier").get(pk=contact)


def _lock_open(public_id: UUID) -> PersonRequest:
    """Supplier and person first, as all acts on them do."""
    found = PersonRequest.objects.select_related("contact").get(public_id=public_id)
    lock(found.contact.supplier)
    contact = _lock(found.contact_id)
    asked = PersonRequest.objects.select_related("contractor").get(pk=found.pk)
    asked.contact = contact
    if asked.state != State.OPEN:
        raise WrongStatus(
            _("This request was decided already. Write down a new one if the person asks again."),
            allowed=[State.OPEN.value],
        )
    return asked


def _decide(
    asked: PersonRequest, state: PersonRequest.State, *, actor: Actor, now: datetime
) -> None:
    asked.state, asked.decided_at, asked.decided_by = state, now, actor.plain()
    asked.save(update_fields=["state", "reason", "decided_at", "decided_by"])


def _happened(asked: PersonRequest, kind: Kind, *, actor: Actor, now: datetime) -> None:
    happening = Happening(kind, asked.public_id, detail={"kind": asked.kind})
    recording.record(asked.contractor, [happening], actor=actor, now=now)
