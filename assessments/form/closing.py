"""A request that takes no answers any more: a plain page says so."""

from django.http import HttpRequest, HttpResponse

from assessments.form import opening
from assessments.models import SENT, Assessment


def too_late(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """An act was refused, so the request was handed in, taken back or declined meanwhile."""
    assessment.refresh_from_db(fields=["status", "submitted_at"])
    if assessment.status not in SENT:
        raise opening.Ended
    return opening.show(request, "too_late", assessment, {}, opening.Remark(status=409))
