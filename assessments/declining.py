"""The supplier says no, with a reason and without penalty."""

from datetime import datetime

from django.db import transaction

from assessments import inviting
from assessments.locking import lock
from assessments.models import Assessment, DeclineReason, Status
from events import recording
from events.models import Kind
from events.recording import Happening


@transaction.atomic
def decline(
    assessment: Assessment, *, reason: DeclineReason, note: str, now: datetime
) -> Assessment:
    """Ends the request and its links; a person of the contractor gets in touch."""
    assessment = lock(assessment)
    assessment.move_to(Status.DECLINED)
    assessment.decline_reason, assessment.closing_note = reason, note
    assessment.remind_at, assessment.decided_at = None, now
    assessment.save(
        update_fields=["status", "decline_reason", "closing_note", "remind_at", "decided_at"]
    )
    inviting.revoke_links(assessment, now=now)
    happening = Happening(
        Kind.ASSESSMENT_DECLINED, assessment.public_id, detail={"reason": reason.value}
    )
    recording.record(assessment.contractor, [happening], actor=assessment.supplier_actor(), now=now)
    return assessment
