"""S0, where the link leads. GET changes nothing, as mail scanners open links too; POST starts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from assessments import declining, entering, explaining, requirements
from assessments.errors import TooMany, WrongStatus
from assessments.form import entries, opening
from assessments.form.forms import DeclineForm
from assessments.form.opening import NOTHING, Remark
from assessments.models import OPEN, SENT, Assessment, DeclineReason, Status
from suppliers import opting_out


def again(request: HttpRequest, token: str, *, notice: str = "") -> HttpResponse:
    return _show_request(request, opening.at_link(request, token), Remark(notice))


@opening.page(again=again)
def start(request: HttpRequest, token: str) -> HttpResponse:
    assessment = opening.at_link(request, token)
    if request.method == "POST":
        return _come_in(request, assessment)
    return _show_request(request, assessment)


def _show_request(
    request: HttpRequest, assessment: Assessment, remark: Remark = NOTHING
) -> HttpResponse:
    context = {
        "asked": explaining.explain(assessment.asked()),
        "sent": assessment.status in SENT,
        "expired": assessment.status == Status.EXPIRED,
        "replaceable": _replaceable(assessment),
        "opt_out": reverse("form:opt_out", args=[opting_out.token(assessment.contact)]),
        "begun": assessment.started_at is not None,
        "questions": len(assessment.questionnaire.parsed().items),
    }
    return opening.show(request, "start", assessment, context, remark)


def _come_in(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    first = reverse(_first_page(request, assessment), args=[assessment.public_id])
    if entries.is_in(request, assessment):
        return redirect(first)
    try:
        entry = entering.enter(assessment, now=timezone.now())
    except TooMany:
        if entries.is_waiting(request, assessment):  # A second click: the code is on its way.
            return entries.to_code(assessment.public_id, first)
        raise
    entries.keep(request, assessment, entry)
    return redirect(first) if entry.confirmed_at else entries.to_code(assessment.public_id, first)


def _replaceable(assessment: Assessment) -> bool:
    """Whether a certificate is answer enough, so that the supplier may choose."""
    return bool(requirements.replacing_answers(assessment.asked()))


def _first_page(request: HttpRequest, assessment: Assessment) -> str:
    """Talks or a certificate, if the button says so; else first what waits for a reply."""
    action = request.POST.get("action")
    if action == "talk":
        return "form:consultations"
    if action == "certificate" and assessment.status in OPEN and _replaceable(assessment):
        return "form:certificate_alone"
    waiting = assessment.status in OPEN and assessment.clarifications.filter(
        resolved_at=None, replied_at=None
    )
    return "form:clarification" if waiting and waiting.exists() else "form:overview"


def decline_again(request: HttpRequest, token: str, *, notice: str = "") -> HttpResponse:
    assessment = opening.at_link(request, token)
    return _show_decline(request, assessment, DeclineForm(request.POST), Remark(notice))


@opening.page(again=decline_again)
def decline(request: HttpRequest, token: str) -> HttpResponse:
    assessment = opening.at_link(request, token)
    if assessment.status not in OPEN or assessment.submitted_at is not None:
        return redirect("form:start", token)
    if request.method != "POST":
        return _show_decline(request, assessment, DeclineForm())
    form = DeclineForm(request.POST)
    if not form.is_valid():
        remark = Remark(faults=form.faults(), status=400 if form.is_strange() else 200)
        return _show_decline(request, assessment, form, remark)
    reason = DeclineReason(form.cleaned_data["reason"])
    note = form.cleaned_data["note"]
    try:
        declining.decline(assessment, reason=reason, note=note, now=timezone.now())
    except WrongStatus:
        return redirect("form:start", token)
    return redirect("form:declined")


@opening.page()
def declined(request: HttpRequest) -> HttpResponse:
    """Tells what happens next. It names nobody: whoever knows the address may open it."""
    return opening.show_to_anybody(request, "declined")


def _show_decline(
    request: HttpRequest,
    assessment: Assessment,
    form: DeclineForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    context = {"form": form, "back": request.path.removesuffix("/decline")}
    return opening.show(request, "decline", assessment, context, remark)
