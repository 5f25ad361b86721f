"""What both sides agreed on, printed for the supplier as well: the same bytes for both."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from assessments import telling
from assessments.form import consultation, entries, opening

PDF: Final = "application/pdf"


@opening.page()
def agreement(request: HttpRequest, public_id: UUID, consultation_id: UUID) -> HttpResponse:
    """A file to keep. There is none while nothing was agreed on, nor once it was erased."""
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    thread = consultation.of(assessment, consultation_id)
    printed = None if thread.erased else telling.agreement(thread)
    if printed is None:
        raise Http404
    headers = {
        "Content-Disposition": 'attachment; filename="agreement.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(printed, PDF, headers=headers)
