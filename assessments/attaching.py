"""Files are shown for an item while the request takes answers; handing in freezes which ones."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from assessments import answering
from assessments.models import AnswerEvidence, Assessment, Submission
from suppliers.evidence import keeping
from suppliers.evidence.kinds import MOST_BYTES_SHOWN
from suppliers.models import Certification, Evidence

MOST: Final = 20  # files an item


@transaction.atomic
def attach(
    assessment: Assessment, number: int, public_ids: Iterable[UUID], *, now: datetime
) -> bool:
    """Show these files of the supplier; False, and nothing shown, where an item would have too
    many, or the request more than 200 MB. Showing one again changes nothing. Raises `EvidenceGone`.
    """
    assessment = answering.lock_open(assessment)
    there = set(assessment.evidence.filter(number=number).values_list("evidence_id", flat=True))
    wanted = [keeping.attach(assessment.supplier, public_id) for public_id in public_ids]
    new = {each.pk: each for each in wanted if each.pk not in there}
    if len(there) + len(new) > MOST or _bytes(assessment, new.values()) > MOST_BYTES_SHOWN:
        return False
    AnswerEvidence.objects.bulk_create(
        AnswerEvidence(
            contractor_id=assessment.contractor_id,
            assessment=assessment,
            number=number,
            evidence=each,
        )
        for each in new.values()
    )
    answering.start(assessment, now=now)
    return True


@transaction.atomic
def detach(assessment: Assessment, number: int, public_id: UUID, *, now: datetime) -> None:
    """Show it no more. A file of the supplier's that stands nowhere else goes for good."""
    assessment = answering.lock_open(assessment)
    rows = assessment.evidence.filter(number=number, evidence__public_id=public_id)
    if row := rows.select_related("evidence__supplier").first():
        row.delete()
        if not _is_needed(row.evidence):
            keeping.remove(row.evidence, actor=assessment.supplier_actor(), now=now)


def _bytes(assessment: Assessment, new: Iterable[Evidence]) -> int:
    """Of all that the request would show then; a file that stands in two places counts once."""
    shown = Evidence.objects.filter(shown_for_answers__assessment=assessment)
    sizes = dict(shown.values_list("pk", "size")) | {each.pk: each.size for each in new}
    return sum(sizes.values())


def _is_needed(evidence: Evidence) -> bool:
    """Shown elsewhere, checked against, frozen in a submission, or not the supplier's to remove."""
    frozen = Submission.objects.filter(
        assessment__supplier=evidence.supplier_id,
        content__evidence__contains=[{"id": str(evidence.public_id)}],
    )
    return (
        evidence.uploaded_by.get("type") != "supplier"
        or evidence.shown_for_answers.exists()
        or evidence.shown_for.exists()
        or Certification.objects.filter(checked_document=evidence).exists()
        or frozen.exists()
    )
