"""S1, the six digits: for a browser that comes after answers exist, or lost its session."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assessments import entering
from assessments.errors import TooMany, WrongCode
from assessments.form import entries, opening
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import Fault
from assessments.models import Assessment
from contractors.errors import Refused


def again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    assessment = opening.living(request, public_id)
    return _show(request, assessment, waiting=True, remark=Remark(notice))


@opening.page(again=again)
def code(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if entries.is_in(request, assessment):
        return redirect(entries.wanted(request, public_id))
    waiting = entries.is_waiting(request, assessment)
    if request.method != "POST":
        return _show(request, assessment, waiting=waiting)
    if not waiting or request.POST.get("action") == "resend":
        return _resend(request, assessment, waiting=waiting)
    try:
        entries.confirm(request, assessment, now=timezone.now())
    except WrongCode as refusal:
        return _show(request, assessment, waiting=True, remark=_refused("code", refusal))
    return redirect(entries.wanted(request, public_id))


def _resend(request: HttpRequest, assessment: Assessment, *, waiting: bool) -> HttpResponse:
    try:
        entry = entering.send_code(assessment, now=timezone.now())
    except TooMany as refusal:
        remark = _refused("send", refusal, status=429)
        return _show(request, assessment, waiting=waiting, remark=remark)
    entries.keep(request, assessment, entry)
    return entries.to_code(assessment.public_id, entries.wanted(request, assessment.public_id))


def _refused(anchor: str, refusal: Refused, *, status: int = 200) -> Remark:
    return Remark(faults=[Fault(anchor, str(refusal))], status=status)


def _show(
    request: HttpRequest, assessment: Assessment, *, waiting: bool, remark: Remark = NOTHING
) -> HttpResponse:
    context = {
        "waiting": waiting,
        "mailbox": entering.masked(assessment.contact.email),
        "sentence": remark.faults[0].sentence if remark.faults else "",
        "to": entries.wanted(request, assessment.public_id),
        "given": request.POST.get("code", "")[:20],
    }
    return opening.show(request, "code", assessment, context, remark)
