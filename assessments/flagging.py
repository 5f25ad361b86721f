"""Reads what decides whether a person has to look at a submission; `deciding` says which flags."""

from datetime import datetime
from decimal import Decimal

from assessments import deciding
from assessments.deciding import Flag, Handed
from assessments.models import Assessment, Submission
from ratings import policy
from suppliers import days
from suppliers.models import HELD, Certification, State


def flags(assessment: Assessment, submission: Submission, *, now: datetime) -> tuple[Flag, ...]:
    """Of what was just handed in, in three queries. The caller holds assessment and supplier."""
    content, rating = submission.content, submission.rating
    required = assessment.asked().get("required_certifications", [])
    held, rejected = _certifications(assessment, now=now)
    handed = Handed(
        answers={each["number"]: each["value"] for each in content["answers"]},
        basics=frozenset(basic.item for basic in policy.standard().basics)
        if rating
        else frozenset(),
        held=held,
        rejected=rejected,
        required=frozenset(e["scheme"] for e in required if e["necessity"] == "required"),
        incident_open=content["profile"].get("incident_closed") == "no",
        score=rating.score if rating else None,
        last_score=_last_score(submission),
        unchecked=_unchecked(submission.certification),
        asked_back=submission.number > 1,
        talks_open=assessment.consultations.all().open().exists(),
        accepts_by_rule=assessment.contractor.accepts_by_rule,
    )
    return deciding.flags(handed)


def _unchecked(instead: Certification | None) -> bool:
    return instead is not None and instead.state != State.VERIFIED


def _certifications(
    assessment: Assessment, *, now: datetime
) -> tuple[frozenset[str], frozenset[str]]:
    """Schemes that are held today, and those of which one was rejected since the request."""
    today = days.in_japan(now)
    rows = list(Certification.objects.filter(supplier=assessment.supplier_id))
    rejected = (
        row.scheme
        for row in rows
        if row.state == State.REJECTED and row.updated_at >= assessment.requested_at
    )
    held = (row.scheme for row in rows if row.status_on(today) in HELD)
    return frozenset(held), frozenset(rejected)


def _last_score(submission: Submission) -> Decimal | None:
    """What the supplier's answers to the same questionnaire came to before this submission."""
    asked = submission.assessment
    earlier = Submission.objects.filter(
        assessment__supplier=asked.supplier_id,
        assessment__questionnaire__key=asked.questionnaire.key,
        rating__isnull=False,
        pk__lt=submission.pk,
    )
    return earlier.order_by("-pk").values_list("rating__score", flat=True).first()
