"""One certificate instead of all answers: which one, and who stands for it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assessments import requirements, substituting
from assessments.errors import NotInstead, WrongStatus
from assessments.form import closing, entries, holding, opening
from assessments.form.entries import Knock
from assessments.form.forms import AloneForm
from assessments.form.opening import NOTHING, Remark
from assessments.models import SENT, Assessment
from suppliers.models import Certification


def again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    """Certificates are shown to a browser that is in; to another only what it just sent."""
    assessment = _living(request, public_id)
    knock = Knock(inside=entries.is_in(request, assessment))
    rows = _taken(assessment) if knock.inside else []
    form = AloneForm(_choices(rows), request.POST)
    return _show(request, assessment, form, Remark(notice, knock=knock))


@opening.page(again=again)
def alone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = _living(request, public_id)
    if request.method == "POST":
        return _hand_in(request, assessment)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if elsewhere := closing.elsewhere(assessment):
        return elsewhere
    return _show(request, assessment, AloneForm(_choices(_taken(assessment))))


def _living(request: HttpRequest, public_id: UUID) -> Assessment:
    """The request, if a certificate is answer enough to it."""
    assessment = opening.living(request, public_id)
    if not requirements.replacing_answers(assessment.asked()):
        raise Http404
    return assessment


def _taken(assessment: Assessment) -> list[Certification]:
    return list(substituting.taken(assessment, now=timezone.now()))


def _choices(rows: list[Certification]) -> list[tuple[str, str]]:
    return [(str(row.public_id), holding.line(row)) for row in rows]


def _hand_in(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    now = timezone.now()
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show(request, assessment, AloneForm([], request.POST), Remark(knock=knock))
    if assessment.status in SENT:
        return redirect("form:receipt", assessment.public_id)
    rows = {str(row.public_id): row for row in _taken(assessment)}
    form = AloneForm(_choices(list(rows.values())), request.POST)
    if not form.is_valid():
        # A certificate may have ended while the page stood open: nothing strange about that.
        return _show(request, assessment, form, Remark(faults=form.faults()))
    row, responsible = rows[form.cleaned_data["certification"]], form.responsible()
    try:
        substituting.substitute(assessment, row, responsible=responsible, now=now)
    except NotInstead:
        form = AloneForm(_choices(_taken(assessment)), request.POST)
        return _show(request, assessment, form, Remark(faults=form.faults()))
    except WrongStatus:
        return closing.too_late(request, assessment)
    return redirect("form:receipt", assessment.public_id)


def _show(
    request: HttpRequest, assessment: Assessment, form: AloneForm, remark: Remark = NOTHING
) -> HttpResponse:
    wrong = {name: errors[0] for name, errors in form.errors.items()} if remark.faults else {}
    schemes = requirements.replacing_answers(assessment.asked())
    context = {
        "form": form,
        "wrong": wrong,
        "choices": form.fields["certification"].choices,  # type: ignore[attr-defined]  # a ChoiceField
        "accepted": [holding.name_of(scheme) for scheme in schemes],
    }
    return opening.show(request, "alone", assessment, context, remark)
