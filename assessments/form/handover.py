"""S9, change of person: from the link or from within, another person of the supplier is named.

Once answers exist, whoever names somebody shows first that the contact's mails are read here.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assessments import entering, handing_over
from assessments.errors import NoContact, SameContact, WrongStatus
from assessments.form import closing, entries, opening
from assessments.form.forms import SuccessorForm
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import Fault
from assessments.models import OPEN, Assessment


def again(request: HttpRequest, *, notice: str = "", **where: Any) -> HttpResponse:
    return _show(request, _asked(request, **where), SuccessorForm(request.POST), Remark(notice))


@opening.page(again=again)
def handover(request: HttpRequest, **where: Any) -> HttpResponse:
    """Before there are answers the link is enough: it shows none, and opens nothing afterwards."""
    assessment, at_link = _asked(request, **where), "token" in where
    if request.method == "POST":
        return _hand_over(request, assessment, at_link=at_link)
    if not at_link and not entries.is_in(request, assessment):
        return entries.to_code(assessment.public_id, request.get_full_path())
    if assessment.status not in OPEN:
        return redirect(_back(request))
    return _show(request, assessment, SuccessorForm())


@opening.page()
def handed_over(request: HttpRequest) -> HttpResponse:
    """Tells what happens next. It names nobody: whoever knows the address may open it."""
    return opening.show_to_anybody(request, "handed_over")


def _hand_over(request: HttpRequest, assessment: Assessment, *, at_link: bool) -> HttpResponse:
    now, form = timezone.now(), SuccessorForm(request.POST)
    if not form.is_valid() and "code" not in request.POST:  # a code is sent for what can be done
        return _show(request, assessment, form, Remark(faults=form.faults()))
    answered = entering.has_answers(assessment)
    if answered or not at_link:
        knock = entries.knock(request, assessment, now=now, proof=answered)
        if not knock.inside:
            return _show(request, assessment, form, Remark(knock=knock))
    if not form.is_valid():
        return _show(request, assessment, form, Remark(faults=form.faults()))
    keep_copy = form.cleaned_data["keep_copy"]
    try:
        handing_over.hand_over(assessment, form.successor(), keep_copy=keep_copy, now=now)
    except (SameContact, NoContact) as refusal:
        form.add_error("email", str(refusal))
        fault = Fault(form.first_control("email"), str(refusal))
        return _show(request, assessment, form, Remark(faults=[fault]))
    except WrongStatus:
        return closing.too_late(request, assessment)
    return redirect("form:handed_over")


def _show(
    request: HttpRequest,
    assessment: Assessment,
    form: SuccessorForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    wrong = {name: said[0] for name, said in form.errors.items()} if remark.faults else {}
    context = {"form": form, "wrong": wrong, "back": _back(request)}
    return opening.show(request, "handover", assessment, context, remark)


def _asked(request: HttpRequest, token: str = "", public_id: UUID | None = None) -> Assessment:
    if public_id is None:
        return opening.at_link(request, token)
    return opening.living(request, public_id)


def _back(request: HttpRequest) -> str:
    """The link, or the overview: each stands above its page of the change."""
    place = request.path.removesuffix("handover")
    return place.removesuffix("/") if place.startswith("/r/") else place
