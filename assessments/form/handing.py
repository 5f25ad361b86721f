"""S11, who stands for the answers, and S12, the receipt. Handing in twice is the same as once."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assessments import submitting
from assessments.errors import Incomplete, WrongStatus
from assessments.form import checking, closing, consultations, entries, holding, opening
from assessments.form.forms import ResponsibleForm
from assessments.form.opening import NOTHING, Remark
from assessments.models import OPEN, SENT, Assessment
from assessments.submitting import Missing


def again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    assessment = opening.living(request, public_id)
    return _show(request, assessment, ResponsibleForm(request.POST), Remark(notice))


@opening.page(again=again)
def submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if request.method == "POST":
        return _hand_in(request, assessment)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if assessment.status not in OPEN:
        return redirect("form:receipt", public_id)
    if submitting.missing(assessment):
        return redirect("form:check", public_id)
    return _show(request, assessment, ResponsibleForm())


@opening.page()
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if assessment.status not in SENT:
        return redirect("form:overview", public_id)
    rows = assessment.submissions.select_related("responsible", "rating", "certification")
    submission = rows.latest("number")
    threads = consultations.worth_reading(assessment)
    alone, rated = submission.certification, submission.rating
    context = {
        "submission": submission,
        "agreements": consultations.agreements(threads, assessment),
        "certificate": holding.line(alone) if alone else "",
        "result_shown": assessment.contractor.shares_results and rated and rated.answered,
    }
    return opening.show(request, "receipt", assessment, context)


def _hand_in(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    now, form = timezone.now(), ResponsibleForm(request.POST)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show(request, assessment, form, Remark(knock=knock))
    if assessment.status in SENT:
        return redirect("form:receipt", assessment.public_id)
    if not form.is_valid():
        status = 400 if form.is_strange() else 200
        return _show(request, assessment, form, Remark(faults=form.faults(), status=status))
    try:
        submitting.submit(assessment, responsible=form.responsible(), now=now)
    except Incomplete as refusal:
        left = Missing(_numbers(refusal, "missing"), _numbers(refusal, "missing_profile"))
        gaps = checking.gaps(assessment, left)
        return _show(request, assessment, form, Remark(faults=gaps, far=True))
    except WrongStatus:
        return closing.too_late(request, assessment)
    return redirect("form:receipt", assessment.public_id)


def _numbers(refusal: Incomplete, name: str) -> list[int]:
    numbers = refusal.more.get(name, [])
    return [each for each in numbers if isinstance(each, int)] if isinstance(numbers, list) else []


def _show(
    request: HttpRequest,
    assessment: Assessment,
    form: ResponsibleForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    told = remark.faults and not remark.far
    wrong = {name: errors[0] for name, errors in form.errors.items()} if told else {}
    return opening.show(request, "submit", assessment, {"form": form, "wrong": wrong}, remark)
