"""Who answers sees whom it asked to confirm, and may take that back. Until then nothing changes."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from assessments import confirming
from assessments.form import clashing, entries, opening
from assessments.form.opening import NOTHING, Remark
from assessments.models import OPEN, Assessment, Confirmation
from suppliers.models import Contact


def again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    """There is no input to keep; who was asked is shown to this browser only if it is in."""
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    return _show(request, assessment, Remark(notice))


@opening.page(again=again)
def confirmation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if request.method == "POST":
        return _take_back(request, assessment)
    return _show(request, assessment)


def _take_back(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """The one that the page was about: another may have been asked for since."""
    named = request.POST.get("confirmation", "")
    asked = [each for each in assessment.confirmations.asked() if str(each.public_id) == named]
    if not asked:
        return redirect("form:confirmation", assessment.public_id)
    asked[0].assessment = assessment
    confirming.take_back(asked[0], now=timezone.now())
    return redirect(reverse("form:overview", args=[assessment.public_id]) + "?taken_back=1")


def _show(request: HttpRequest, assessment: Assessment, remark: Remark = NOTHING) -> HttpResponse:
    if assessment.status not in OPEN:
        return redirect("form:receipt", assessment.public_id)
    asked = _asked(assessment)
    if asked is None:
        return redirect("form:overview", assessment.public_id)
    context = {
        "asked": asked,
        "asked_at": clashing.moment(asked.asked_at),
        "unreachable": asked.person.status != Contact.Status.ACTIVE,
    }
    return opening.show(request, "confirmation", assessment, context, remark)


def _asked(assessment: Assessment) -> Confirmation | None:
    return assessment.confirmations.asked().select_related("person").first()
