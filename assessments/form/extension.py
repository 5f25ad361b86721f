"""S9, more time: from the link or from within, a day is chosen and the page states it.

Once by oneself; after that, or when the day is over, the contractor is asked for it.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import extending
from assessments.errors import NotByOneself, NotLater, WrongStatus
from assessments.form import closing, entries, opening, prolonging
from assessments.form.forms import ExtensionForm, WishForm
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import Fault
from assessments.models import OPEN, Assessment
from suppliers import days


def again(request: HttpRequest, *, notice: str = "", **where: Any) -> HttpResponse:
    return _show(request, _asked(request, **where), prolonging.form(request.POST), Remark(notice))


@opening.page(again=again)
def extension(request: HttpRequest, **where: Any) -> HttpResponse:
    """Whoever holds the link may take more time: it shows no answer, and the contact is told."""
    assessment = _asked(request, **where)
    inside = "token" in where or entries.is_in(request, assessment)
    if request.method == "POST":
        return _extend(request, assessment, inside=inside)
    if not inside:
        return entries.to_code(assessment.public_id, request.get_full_path())
    if assessment.status not in OPEN:
        return redirect(_back(request))
    return _show(request, assessment, prolonging.form(None))


def _extend(request: HttpRequest, assessment: Assessment, *, inside: bool) -> HttpResponse:
    now, form = timezone.now(), prolonging.form(request.POST)
    if not inside:
        knock = entries.knock(request, assessment, now=now)
        if not knock.inside:
            return _show(request, assessment, form, Remark(knock=knock))
    if not form.is_valid():
        return _show(request, assessment, form, Remark(faults=form.faults()))
    if isinstance(form, WishForm):
        return _wish(request, assessment, form)
    return _take(request, assessment, form)


def _take(request: HttpRequest, assessment: Assessment, form: ExtensionForm) -> HttpResponse:
    due_on = form.cleaned_data["due_on"]
    if assessment.self_extended_at and assessment.due_on == due_on:
        return redirect(request.path)  # A second click.
    try:
        extending.extend_oneself(assessment, due_on=due_on, now=timezone.now())
    except (NotByOneself, NotLater):
        return _refused(request, assessment, form)
    except WrongStatus:
        return closing.too_late(request, assessment)
    return redirect(request.path)


def _wish(request: HttpRequest, assessment: Assessment, form: WishForm) -> HttpResponse:
    try:
        sentence = prolonging.ask(assessment, form, now=timezone.now())
    except WrongStatus:
        return closing.too_late(request, assessment)
    if sentence:
        form.add_error("due_on", sentence)
        fault = Fault("id_due_on", sentence)
        return _show(request, assessment, form, Remark(faults=[fault]))
    return redirect(request.path)


def _refused(request: HttpRequest, assessment: Assessment, form: ExtensionForm) -> HttpResponse:
    assessment.refresh_from_db(fields=["due_on", "original_due_on", "self_extended_at", "status"])
    latest = _latest(assessment)
    sentence = _("The contractor decides on this day: write why, and send it")
    if latest:
        sentence = _("Choose a day after %(due)s, up to %(latest)s") % {
            "due": _day(assessment.due_on),
            "latest": _day(latest),
        }
    form.add_error("due_on", sentence)
    return _show(request, assessment, form, Remark(faults=[Fault("id_due_on", sentence)]))


def _show(
    request: HttpRequest,
    assessment: Assessment,
    form: ExtensionForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    latest, wish = _latest(assessment), prolonging.wish(assessment)
    asks = latest is None and assessment.status in extending.EXTENDABLE
    context = {
        "form": form,
        "wrong": {name: said[0] for name, said in form.errors.items()} if remark.faults else {},
        "latest": latest,
        "asks": asks and (wish is None or bool(remark.faults)),
        "wish": wish,
        "within": "token" not in (request.resolver_match.kwargs if request.resolver_match else {}),
        "over": assessment.due_on < days.in_japan(timezone.now()),
        "back": _back(request),
    }
    return opening.show(request, "extension", assessment, context, remark)


def _asked(request: HttpRequest, token: str = "", public_id: UUID | None = None) -> Assessment:
    if public_id is None:
        return opening.at_link(request, token)
    return opening.living(request, public_id)


def _latest(assessment: Assessment) -> date | None:
    return extending.latest_by_oneself(assessment, today=days.in_japan(timezone.now()))


def _day(day: date) -> str:
    return date_format(day, _("F j, Y (D)"))


def _back(request: HttpRequest) -> str:
    """The link, or the overview: each stands above its page of more time."""
    place = request.path.removesuffix("extension")
    return place.removesuffix("/") if place.startswith("/r/") else place
