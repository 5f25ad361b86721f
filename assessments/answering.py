"""The supplier fills the form in, a page at a time. Nothing is ever overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.errors import Stale, WrongStatus
from assessments.locking import check_unfrozen, lock_for_contact
from assessments.models import OPEN, Answer, Assessment, Status
from contractors.actors import Actor
from events import recording
from events.models import Kind
from events.recording import Happening
from questionnaires.content import Value


@dataclass(frozen=True)
class Given:
    """`version` is what the page was loaded with; 0 when there was no answer then."""

    value: str
    comment: str = ""
    version: int = 0


@dataclass(frozen=True)
class Conflict:
    """Somebody else answered meanwhile. Giving again with `stored.version` keeps the given one."""

    number: int
    stored: Answer
    given: Given


@transaction.atomic
def answer(assessment: Assessment, given: Mapping[int, Given], *, now: datetime) -> list[Conflict]:
    """Keep what does not conflict, by the item's number, and return what does."""
    assessment = lock_open(assessment)
    return keep(assessment, given, actor=assessment.supplier_actor(), now=now)


def keep(
    assessment: Assessment, given: Mapping[int, Given], *, actor: Actor, now: datetime
) -> list[Conflict]:
    """The same of a row that is held and takes answers."""
    stored = {each.number: each for each in assessment.answers.filter(number__in=given)}
    conflicts = [
        Conflict(number, stored[number], each)
        for number, each in given.items()
        if number in stored and _clashes(stored[number], each)
    ]
    clashing = {conflict.number for conflict in conflicts}
    kept = {number: each for number, each in given.items() if number not in clashing}
    _write(assessment, kept, stored, now=now)
    if kept:
        start(assessment, actor=actor, now=now)
    return conflicts


@transaction.atomic
def fill_profile(
    assessment: Assessment, values: Mapping[int, Value], *, version: int, now: datetime
) -> None:
    """Keep the company's profile as a whole, by the numbers of its items."""
    assessment = lock_open(assessment)
    plain = {str(number): value for number, value in sorted(values.items())}
    if plain == assessment.profile:
        return
    if version != assessment.profile_version:
        raise Stale(_("Somebody else changed this page meanwhile. Compare and save again."))
    assessment.profile, assessment.profile_version = plain, version + 1
    assessment.save(update_fields=["profile", "profile_version"])
    start(assessment, now=now)


def lock_open(assessment: Assessment) -> Assessment:
    """The row, held, if it takes answers and nobody is asked to confirm them."""
    assessment = lock_for_contact(assessment)
    if assessment.erased_at is not None:
        assessment.refuse_erased()
    if assessment.status not in OPEN:
        sentence = _("A request that is %(status)s takes no answers.")
        raise WrongStatus(sentence % {"status": assessment.status}, allowed=sorted(OPEN))
    check_unfrozen(assessment)
    return assessment


def _clashes(stored: Answer, given: Given) -> bool:
    same = (stored.value, stored.comment) == (given.value, given.comment)
    return not same and stored.version != given.version


def _write(
    assessment: Assessment,
    given: Mapping[int, Given],
    stored: Mapping[int, Answer],
    *,
    now: datetime,
) -> None:
    changed = [
        Answer(
            contractor_id=assessment.contractor_id,
            assessment=assessment,
            number=number,
            value=each.value,
            comment=each.comment,
            version=stored[number].version + 1 if number in stored else 1,
            answered_at=now,
        )
        for number, each in given.items()
        if number not in stored
        or (stored[number].value, stored[number].comment) != (each.value, each.comment)
    ]
    Answer.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["assessment", "number"],
        update_fields=["value", "comment", "version", "answered_at"],
    )


def start(assessment: Assessment, *, actor: Actor | None = None, now: datetime) -> None:
    """The first stored answer starts a request; a late one starts an expired one again.

    What was returned and ran out of time is not started anew: it waits to be handed in again.
    """
    if assessment.status not in {Status.INVITED, Status.EXPIRED} or assessment.submitted_at:
        return
    assessment.move_to(Status.STARTED)
    assessment.started_at = assessment.started_at or now
    assessment.save(update_fields=["status", "started_at"])
    happening = Happening(Kind.ASSESSMENT_STARTED, assessment.public_id)
    actor = actor or assessment.supplier_actor()
    recording.record(assessment.contractor, [happening], actor=actor, now=now)
