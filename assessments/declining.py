"""The supplier says no, with a reason and without penalty."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import inviting
from assessments.errors import WrongStatus
from assessments.locking import lock_for_contact
from assessments.models import Assessment, DeclineReason, Status
from events import recording
from events.models import Kind
from events.recording import Happening


@transaction.atomic
def decline(
    assessment: Assessment, *, reason: DeclineReason, note: str, now: datetime
) -> Assessment:
    """Ends the request and its links; a person of the contractor gets in touch.

    Refuses what was handed in before, also if its time ran out since: it was answered.
    """
    assessment = lock_for_contact(assessment)
    if assessment.submitted_at is not None:
        raise WrongStatus(
            _("The answers were handed in already, so the request cannot be declined."),
            allowed=[],  # in no status any more
        )
    assessment.move_to(Status.DECLINED)
    assessment.decline_reason, assessment.closing_note = reason, note
    assessment.remind_at, assessment.decided_at = None, now
    assessment.decided_by = assessment.supplier_actor().plain()
    assessment.save(
        update_fields=[
            "status", "decline_reason", "closing_note", "remind_at", "decided_at", "decided_by",
        ]
    )  # fmt: skip
    inviting.revoke_links(assessment, now=now)
    happening = Happening(
        Kind.ASSESSMENT_DECLINED, assessment.public_id, detail={"reason": reason.value}
    )
    recording.record(assessment.contractor, [happening], actor=assessment.supplier_actor(), now=now)
    return assessment
