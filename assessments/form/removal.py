"""One certification is taken back: the page asks once."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import declaring
from assessments.errors import AwaitsConfirmation, WrongStatus
from assessments.form import certifications, closing, entries, holding, opening, subject
from assessments.form.opening import NOTHING, Remark
from assessments.models import Assessment
from contractors.errors import Refused
from suppliers import days
from suppliers.certificates import Scheme
from suppliers.models import Certification, State


def again(
    request: HttpRequest, public_id: UUID, *, notice: str = "", certification_id: UUID
) -> HttpResponse:
    """There is no input to keep."""
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    return _ask(request, assessment, subject.row_of(assessment, certification_id), Remark(notice))


@opening.page(again=again)
def remove(request: HttpRequest, public_id: UUID, certification_id: UUID) -> HttpResponse:
    """Asks once; the button takes it back."""
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if elsewhere := closing.elsewhere(assessment):
        return elsewhere
    row = subject.row_of(assessment, certification_id)
    if request.method == "POST":
        return _remove(request, assessment, row)
    if row.state != State.DECLARED:
        return redirect(certifications.listed(request, assessment))
    return _ask(request, assessment, row)


def _remove(request: HttpRequest, assessment: Assessment, row: Certification) -> HttpResponse:
    group = holding.group_of(Scheme(row.scheme)).name
    try:
        declaring.withdraw(assessment, row, group=group, now=timezone.now())
    except WrongStatus:
        return closing.too_late(request, assessment)
    except AwaitsConfirmation:
        return redirect("form:confirmation", assessment.public_id)
    except Refused as refusal:
        return _ask(request, assessment, row, Remark(_(str(refusal)), status=409))
    return redirect(certifications.listed(request, assessment, told="removed"))


def _ask(
    request: HttpRequest, assessment: Assessment, row: Certification, remark: Remark = NOTHING
) -> HttpResponse:
    context = {
        "card": holding.card(row, assessment.contractor.name, today=days.in_japan(timezone.now())),
        "to_check": certifications.comes_from_check(request),
        "listed": certifications.listed(request, assessment),
    }
    return opening.show(request, "certificate_removal", assessment, context, remark)
