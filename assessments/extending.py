"""More time: the supplier takes some once by itself, the contractor grants any later day.

An expired request needs none: a late answer is taken as it comes.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import owing, scheduling, speaking
from assessments.errors import NotByOneself, NotLater, WrongStatus
from assessments.locking import lock, lock_for_contact
from assessments.models import Assessment, Consultation, Occasion, Side, Status
from contractors.actors import Actor
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers import days

EXTENDABLE: Final = (Status.INVITED, Status.RETURNED, Status.STARTED)


@transaction.atomic
def extend(
    assessment: Assessment, *, due_on: date, reason: str, actor: Actor, now: datetime
) -> Assessment:
    """The contractor grants any later day; `reason` is told to the supplier."""
    assessment = lock(assessment)
    _check(assessment, due_on)
    assessment.extension_reason = reason
    _grant(assessment, actor=actor, now=now)
    _move(assessment, due_on, actor=actor, now=now)
    return assessment


@transaction.atomic
def extend_oneself(assessment: Assessment, *, due_on: date, now: datetime) -> Assessment:
    """The supplier takes a later day, once, before the due day is over."""
    assessment = lock_for_contact(assessment)
    _check(assessment, due_on)
    latest = latest_by_oneself(assessment, today=days.in_japan(now))
    if latest is None or due_on > latest:
        raise NotByOneself(_("The supplier cannot move the deadline this far by itself."))
    assessment.extension_reason, assessment.self_extended_at = "", now
    _move(assessment, due_on, actor=assessment.supplier_actor(), now=now)
    return assessment


def latest_by_oneself(assessment: Assessment, *, today: date) -> date | None:
    """The last day the supplier may choose; None where only the contractor can give more time."""
    most = assessment.contractor.self_extension_days
    used = assessment.self_extended_at is not None
    if not most or used or assessment.due_on < today or assessment.status not in EXTENDABLE:
        return None
    return assessment.due_on + timedelta(days=most)


def _grant(assessment: Assessment, *, actor: Actor, now: datetime) -> None:
    """A later day is the answer to whoever wished for one."""
    wishes = assessment.consultations.open().filter(kind=Consultation.Kind.EXTENSION)
    for wish in wishes:
        voice = speaking.Voice(Side.CONTRACTOR, actor)
        speaking.end(wish, Consultation.State.CLOSED, voice=voice, now=now)


def _check(assessment: Assessment, due_on: date) -> None:
    if assessment.erased_at is not None:
        assessment.refuse_erased()
    if assessment.status not in EXTENDABLE:
        raise WrongStatus(
            _("Only a request that waits for answers can be extended."),
            allowed=[status.value for status in EXTENDABLE],
        )
    if due_on <= assessment.due_on:
        raise NotLater(
            _("The deadline is %(day)s. Give a later day.")
            % {"day": date_format(assessment.due_on, _("F j, Y (D)"))}
        )


def _move(assessment: Assessment, due_on: date, *, actor: Actor, now: datetime) -> None:
    """Reminders follow the new day; a moment that is over is not made up for."""
    old = assessment.due_on
    assessment.original_due_on = assessment.original_due_on or old
    assessment.due_on, assessment.extensions = due_on, assessment.extensions + 1
    assessment.escalated_at = None
    assessment.remind_at = scheduling.following(assessment, after=now)
    assessment.save(
        update_fields=[
            "due_on", "original_due_on", "extensions", "extension_reason", "self_extended_at",
            "remind_at", "escalated_at",
        ]
    )  # fmt: skip
    if not assessment.is_unheard():  # else the invitation tells the new day
        owing.owe_anew(assessment, assessment.contact, Occasion.Kind.EXTENDED, now=now)
    happening = Happening(
        Kind.ASSESSMENT_EXTENDED,
        assessment.public_id,
        ["due_on"],
        {"old_due_on": old.isoformat(), "new_due_on": due_on.isoformat()},
    )
    recording.record(assessment.contractor, [happening], actor=actor, now=now)
