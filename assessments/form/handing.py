"""S11, who stands for the answers, and S12, the receipt. Handing in twice is the same as once.

Who answers may ask the responsible person to confirm instead: the same fields, another button.
"""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assessments import confirming, submitting
from assessments.errors import Incomplete, NoContact, SameContact, TooMany, WrongStatus
from assessments.form import checking, closing, consultations, entries, holding, opening
from assessments.form.forms import PersonForm, ResponsibleForm
from assessments.form.opening import NOTHING, Remark
from assessments.models import SENT, Assessment
from assessments.submitting import Missing, Responsible


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
    if elsewhere := closing.elsewhere(assessment):
        return elsewhere
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
    now, asks = timezone.now(), request.POST.get("action") == "ask"
    form = PersonForm(request.POST) if asks else ResponsibleForm(request.POST)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show(request, assessment, form, Remark(knock=knock))
    if assessment.status in SENT:
        return redirect("form:receipt", assessment.public_id)
    if not form.is_valid():
        status = 400 if form.is_strange() else 200
        return _show(request, assessment, form, Remark(faults=form.faults(), status=status))
    return _act(request, assessment, form, asks=asks, now=now)


def _act(
    request: HttpRequest, assessment: Assessment, form: PersonForm, *, asks: bool, now: datetime
) -> HttpResponse:
    """To the page that tells what was done, or back to this one."""
    try:
        done = _done(assessment, form.responsible(), asks=asks, now=now)
    except Incomplete as refusal:
        left = Missing(_numbers(refusal, "missing"), _numbers(refusal, "missing_profile"))
        gaps = checking.gaps(assessment, left)
        return _show(request, assessment, form, Remark(faults=gaps, far=True))
    except WrongStatus:
        return closing.too_late(request, assessment)
    except (NoContact, SameContact, TooMany) as refusal:
        form.add_error("email", str(refusal))
        status = 429 if isinstance(refusal, TooMany) else 200
        return _show(request, assessment, form, Remark(faults=form.faults(), status=status))
    return redirect(done, assessment.public_id)


def _done(assessment: Assessment, person: Responsible, *, asks: bool, now: datetime) -> str:
    """Hand in, or ask that person to; the page that tells so."""
    if asks:
        confirming.ask(assessment, person, now=now)
        return "form:confirmation"
    submitting.submit(assessment, responsible=person, now=now)
    return "form:receipt"


def _numbers(refusal: Incomplete, name: str) -> list[int]:
    numbers = refusal.more.get(name, [])
    return [each for each in numbers if isinstance(each, int)] if isinstance(numbers, list) else []


def _show(
    request: HttpRequest,
    assessment: Assessment,
    form: PersonForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    told = remark.faults and not remark.far
    wrong = {name: errors[0] for name, errors in form.errors.items()} if told else {}
    return opening.show(request, "submit", assessment, {"form": form, "wrong": wrong}, remark)
