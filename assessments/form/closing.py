"""A request that takes no answers any more, or none for now: a plain page says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from assessments import inviting
from assessments.form import opening
from assessments.models import OPEN, SENT, Assessment, Confirmation


def elsewhere(assessment: Assessment) -> HttpResponse | None:
    """Where a browser that is in finds out why a page would store nothing."""
    if assessment.status not in OPEN:
        return redirect("form:receipt", assessment.public_id)
    if inviting.confirmation_state(assessment) == Confirmation.State.ASKED:
        return redirect("form:confirmation", assessment.public_id)
    return None


def too_late(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """An act was refused, so the request was handed in, taken back or declined meanwhile."""
    assessment.refresh_from_db(fields=["status", "submitted_at"])
    if assessment.status not in SENT:
        raise opening.Ended
    return opening.show(request, "too_late", assessment, {}, opening.Remark(status=409))
