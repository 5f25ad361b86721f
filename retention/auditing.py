"""Whether the trail is whole: no event is missing, every snapshot and agreement is what its digest
says. What was erased has its digest in the line that was written when it was.
"""

import enum
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from assessments.models import Consultation, Submission
from questionnaires import content
from retention.models import Erasure, Rule

CHUNK: Final = 200  # rows in memory
# Numbers are unique: as many as the counter says, from 1 on and up to it, leave no gap.
GAPS: Final = """
SELECT contractor.public_id FROM contractors_contractor AS contractor
LEFT JOIN events_counter AS counter ON counter.contractor_id = contractor.id
LEFT JOIN LATERAL (
    SELECT count(*) AS events, min(sequence) AS first, max(sequence) AS last
    FROM events_event WHERE contractor_id = contractor.id
) AS found ON true
WHERE found.events <> coalesce(counter.last, 0)
   OR (found.events > 0 AND (found.first <> 1 OR found.last <> counter.last))
ORDER BY contractor.id
"""


class Outcome(enum.StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    ERASED = "erased"  # and written down


def gaps() -> list[UUID]:
    """Contractors in whose events a number is missing, or one stands that was never counted."""
    with connection.cursor() as cursor:
        cursor.execute(GAPS)
        return [contractor for (contractor,) in cursor]


def snapshots() -> Iterator[tuple[UUID, Outcome]]:
    """Each snapshot's id, and whether it is what was handed in. Memory stays flat."""
    with transaction.atomic():  # in which rows are streamed; outside they are first copied
        rows = Submission.objects.annotate(noted=_noted(Rule.ANSWERS)).order_by("pk")
        for row in rows.iterator(chunk_size=CHUNK):
            yield row.public_id, _compare(row.content, row)


def agreements() -> Iterator[tuple[UUID, Outcome]]:
    """The same of what both sides agreed on."""
    with transaction.atomic():
        agreed = Consultation.objects.exclude(result=None)
        rows = agreed.annotate(noted=_noted(Rule.TALKS)).order_by("pk")
        for row in rows.iterator(chunk_size=CHUNK):
            yield row.public_id, _compare(row.result, row)


def _noted(rule: Rule) -> Subquery:
    """The digests in the line that was written when this was erased."""
    lines = Erasure.objects.filter(rule=rule, subject_id=OuterRef("assessment__public_id"))
    return Subquery(lines.values("digests")[:1])


def _compare(stored: Any, row: Any) -> Outcome:
    if "erased_at" not in stored:
        return Outcome.SAME if content.digest(stored) == row.digest else Outcome.DIFFERENT
    same = stored.get("digest") == row.digest and row.digest in (row.noted or [])
    return Outcome.ERASED if same else Outcome.DIFFERENT
