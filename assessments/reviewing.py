"""The contractor decides about what was handed in: accepts it, asks back, or decides anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import owing, scheduling
from assessments.deciding import Flag
from assessments.errors import WrongStatus
from assessments.locking import lock
from assessments.models import Assessment, Clarification, Occasion, Status
from contractors.actors import Actor
from contractors.models import User
from events import recording
from events.models import Kind
from events.recording import Happening


@dataclass(frozen=True)
class Return:
    """What is unclear: a question by the number of its item, or a reason about the whole.

    `due_on` is the last day in Japan for the second answer; reminders follow it.
    """

    due_on: date
    items: Mapping[int, str] = field(default_factory=dict)
    reason: str = ""


@transaction.atomic
def accept(assessment: Assessment, *, actor: Actor, now: datetime) -> Assessment:
    """The answers are taken as they are; what was asked back is settled by that."""
    assessment = lock(assessment)
    assessment.move_to(Status.ACCEPTED)
    assessment.decided_at, assessment.decided_by = now, actor.plain()
    assessment.save(update_fields=["status", "decided_at", "decided_by"])
    _resolve(assessment, now=now)
    if _shows_a_result(assessment):
        owing.owe_anew(assessment, assessment.contact, Occasion.Kind.RESULT, now=now)
    _happened(Kind.ASSESSMENT_ACCEPTED, assessment, actor=actor, now=now)
    return assessment


@transaction.atomic
def return_(assessment: Assessment, asked: Return, *, actor: Actor, now: datetime) -> Assessment:
    """Asks back, in one letter. What was handed in stays as it was; the answers can be changed."""
    assessment = lock(assessment)
    assessment.move_to(Status.RETURNED)
    assessment.due_on, assessment.return_reason = asked.due_on, asked.reason
    assessment.remind_at = scheduling.following(assessment, after=now)
    assessment.escalated_at = None
    assessment.save(
        update_fields=["status", "due_on", "return_reason", "remind_at", "escalated_at"]
    )
    _resolve(assessment, now=now)
    _ask(assessment, asked.items, actor=actor, now=now)
    owing.owe_anew(assessment, assessment.contact, Occasion.Kind.RETURNED, now=now)
    items = {"items": sorted(asked.items)}
    _happened(Kind.ASSESSMENT_RETURNED, assessment, actor=actor, now=now, detail=items)
    return assessment


@transaction.atomic
def reopen(assessment: Assessment, *, person: User, now: datetime) -> Assessment:
    """Takes an acceptance back: a person decides anew. The trail keeps who had decided and when.

    No rule accepts it again: it waits for a person, and so does what is handed in after a return.
    """
    assessment = lock(assessment)
    if assessment.status != Status.ACCEPTED:
        # Handing in leads to the same status, so the table of moves alone would let it pass.
        raise WrongStatus(
            _("Only an accepted request can be reopened."), allowed=[Status.ACCEPTED.value]
        )
    assessment.move_to(Status.SUBMITTED)
    assessment.decided_at = assessment.decided_by = None
    assessment.flags = [
        *(flag for flag in assessment.flags if flag != Flag.REOPENED),
        Flag.REOPENED,
    ]
    assessment.save(update_fields=["status", "decided_at", "decided_by", "flags"])
    actor = Actor("user", str(person.public_id))
    _happened(Kind.ASSESSMENT_REOPENED, assessment, actor=actor, now=now)
    return assessment


def _shows_a_result(assessment: Assessment) -> bool:
    """There is one of answers, and the contractor lets those who gave them see it."""
    if not assessment.contractor.shares_results:
        return False
    rating = assessment.submissions.select_related("rating").latest("number").rating
    return rating is not None and rating.answered


def _resolve(assessment: Assessment, *, now: datetime) -> None:
    Clarification.objects.filter(assessment=assessment).unresolved().update(resolved_at=now)


def _ask(assessment: Assessment, items: Mapping[int, str], *, actor: Actor, now: datetime) -> None:
    newest = assessment.submissions.latest("number")
    Clarification.objects.bulk_create(
        Clarification(
            contractor_id=assessment.contractor_id,
            assessment=assessment,
            submission=newest,
            number=number,
            question=question,
            asked_at=now,
            asked_by=actor.plain(),
        )
        for number, question in sorted(items.items())
    )


def _happened(
    kind: Kind,
    assessment: Assessment,
    *,
    actor: Actor,
    now: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    happening = Happening(kind, assessment.public_id, detail=detail or {})
    recording.record(assessment.contractor, [happening], actor=actor, now=now)
