"""What the contractor reads of a request: how it came to its status, what was handed in."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from assessments import printing
from assessments.errors import Erased
from assessments.locking import with_related
from assessments.models import (
    Answer,
    AnswerReading,
    Assessment,
    Clarification,
    Consultation,
    Status,
    Submission,
)
from contractors.actors import Actor
from events.models import Event, Kind
from events.tracing import request_id
from suppliers.models import Evidence

MOVED: Final = {  # what happened, as the status it led to
    Kind.ASSESSMENT_REQUESTED: Status.DRAFT,
    Kind.ASSESSMENT_INVITED: Status.INVITED,
    Kind.ASSESSMENT_STARTED: Status.STARTED,
    Kind.ASSESSMENT_SUBMITTED: Status.SUBMITTED,
    Kind.ASSESSMENT_RETURNED: Status.RETURNED,
    Kind.ASSESSMENT_ACCEPTED: Status.ACCEPTED,
    Kind.ASSESSMENT_REOPENED: Status.SUBMITTED,
    Kind.ASSESSMENT_DECLINED: Status.DECLINED,
    Kind.ASSESSMENT_CANCELLED: Status.CANCELLED,
    Kind.ASSESSMENT_EXPIRED: Status.EXPIRED,
}


@dataclass(frozen=True)
class Move:
    status: Status
    at: datetime
    actor: dict[str, Any]
    request_id: str


@dataclass(frozen=True)
class Shown:
    """A file as it was handed in for an item; `digest` is what it had then."""

    number: int
    digest: str
    file: Evidence


def whole(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Rows with all that is told of them, at the same number of queries for any number of rows."""
    rated = _rated(Submission.objects.order_by("number"))
    return with_related(rows).prefetch_related(Prefetch("submissions", queryset=rated))


def handed_in(assessment: Assessment) -> QuerySet[Submission]:
    return _rated(Submission.objects.filter(assessment=assessment))


def clarifications(assessment: Assessment) -> QuerySet[Clarification]:
    """Every question that was asked back, with its reply."""
    return Clarification.objects.filter(assessment=assessment).select_related("submission")


def _rated(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    related = ("rating__supplier", "assessment", "certification")
    return submissions.select_related(*related).defer("content")


def answered(assessments: Collection[Assessment]) -> dict[int, int]:
    """How many items each has answers to, by primary key; the company's profile is apart."""
    given = Answer.objects.filter(assessment__in=assessments).exclude(value="")
    counted: dict[int, int] = defaultdict(int)
    counted.update(given.values_list("assessment").annotate(Count("pk")))
    return counted


def talks(assessments: Collection[Assessment]) -> dict[int, Consultation]:
    """The newest thread about each, by its primary key."""
    rows = Consultation.objects.filter(assessment__in=assessments)
    newest = rows.order_by("assessment", "-pk").distinct("assessment")
    return {row.assessment_id: row for row in newest}


def agreement(thread: Consultation) -> bytes | None:
    """What both sides agreed on, as a PDF; None where they did not."""
    if thread.result is None:
        return None
    if thread.erased:
        raise Erased(
            _("What was agreed on was erased: its retention has ended."),
            erased_at=thread.result["erased_at"],
        )
    return printing.agreement(thread.result, thread.digest)


def newest(assessment: Assessment) -> Submission | None:
    handed_in = list(assessment.submissions.all())
    return handed_in[-1] if handed_in else None


def histories(assessments: Collection[Assessment]) -> dict[UUID, list[Move]]:
    """The moves of each, oldest first, by public id, out of the audit trail."""
    moves: dict[UUID, list[Move]] = defaultdict(list)
    if not assessments:
        return moves
    contractors = {assessment.contractor_id for assessment in assessments}
    events = Event.objects.filter(
        contractor__in=contractors,
        subject_id__in=[assessment.public_id for assessment in assessments],
        kind__in=list(MOVED),
    )
    for event in events.order_by("sequence"):
        status = MOVED[Kind(event.kind)]
        move = Move(status, event.occurred_at, event.actor, event.request_id)
        moves[event.subject_id].append(move)
    return moves


def read_answers(submission: Submission, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What was handed in, and a line in the trail that it was read, and by whom."""
    assessment = submission.assessment
    _refuse_erased(submission)
    _note_reading(submission, actor=actor, now=now)
    profile = assessment.profile_questionnaire
    frozen = submission.content["profile"]
    return {
        "questionnaire": submission.content["questionnaire"]["key"],
        "version": submission.content["questionnaire"]["version"],
        "submission": submission.public_id,
        "profile": profile.parsed().to_show(frozen) if profile else {},
        "answers": submission.content["answers"],
        "certificate": submission.content.get("certificate"),
    }


def read_evidence(submission: Submission, *, actor: Actor, now: datetime) -> list[Shown]:
    """The files that were handed in with the answers, by item. Reading their names is noted."""
    _refuse_erased(submission)
    _note_reading(submission, actor=actor, now=now)
    frozen = submission.content.get("evidence", [])
    rows = Evidence.objects.filter(
        contractor=submission.contractor_id, public_id__in=[each["id"] for each in frozen]
    )
    found = {str(row.public_id): row for row in rows.select_related("supplier")}
    return [
        Shown(each["number"], each["digest"], found[each["id"]])
        for each in frozen
        if each["id"] in found
    ]


def _refuse_erased(submission: Submission) -> None:
    if submission.erased:
        raise Erased(
            _("The answers were erased: their retention has ended."),
            erased_at=submission.erased_at,
        )


def _note_reading(submission: Submission, *, actor: Actor, now: datetime) -> None:
    AnswerReading.objects.create(
        contractor_id=submission.contractor_id,
        assessment=submission.assessment,
        actor=actor.plain(),
        request_id=request_id.get(),
        read_at=now,
    )
