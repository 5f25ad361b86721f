"""S8, a colleague's side: the link shows who asks, and leads to the questions asked and no others.

GET changes nothing. The session keeps `colleague`: the public ids of what this browser came into.
"""

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import delegating, enlisting
from assessments.errors import AwaitsConfirmation, HandedOver, NotDelegated, WrongStatus
from assessments.form import opening, reading, sheets
from assessments.form.opening import NOTHING, Ended, Remark
from assessments.form.questions import Question
from assessments.models import Delegation
from questionnaires.content import Item
from suppliers import opting_out

CAME_IN: Final = "colleague"
Outcome = Delegation.Outcome
OVER: Final = (HandedOver, NotDelegated, WrongStatus)  # while the page was open


def start_again(request: HttpRequest, token: str, *, notice: str = "") -> HttpResponse:
    return _show_start(request, _at_link(request, token), Remark(notice))


@opening.page(again=start_again)
def start(request: HttpRequest, token: str) -> HttpResponse:
    delegation = _at_link(request, token)
    if request.method != "POST":
        return _show_start(request, delegation)
    request.session.cycle_key()
    kept = request.session.get(CAME_IN, [])
    request.session[CAME_IN] = [*kept, str(delegation.public_id)]
    declines = request.POST.get("action") == "decline"
    return redirect(
        "form:decline_delegation" if declines else "form:delegation", delegation.public_id
    )


def questions_again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    delegation = _running(request, public_id)
    sent = reading.read(request.POST, _items(delegation))
    asked = sheets.plain(delegation.assessment, _items(delegation), sent.filled)
    return _show(request, delegation, asked, Remark(notice))


@opening.page(again=questions_again)
def questions(request: HttpRequest, public_id: UUID) -> HttpResponse:
    if _is_over(request, public_id):
        return redirect("form:given_back")
    delegation = _running(request, public_id)
    if request.method == "POST":
        return _save(request, delegation)
    if not _came_in(request, public_id):
        raise Http404
    items = _items(delegation)
    filled = sheets.stored(delegation.assessment, items)
    return _show(request, delegation, sheets.plain(delegation.assessment, items, filled))


def decline_again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    return _show_decline(request, _running(request, public_id), Remark(notice))


@opening.page(again=decline_again)
def decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    if _is_over(request, public_id):
        return redirect("form:given_back")
    delegation = _running(request, public_id)
    if not _came_in(request, public_id):
        raise Http404
    if request.method != "POST":
        return _show_decline(request, delegation)
    try:
        delegating.decline(delegation, now=timezone.now())
    except OVER:
        raise Ended from None
    return redirect("form:given_back")


@opening.page()
def given_back(request: HttpRequest) -> HttpResponse:
    """Tells what happens next. It names nobody: whoever knows the address may open it."""
    return opening.show_to_anybody(request, "given_back")


def _save(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    now, items = timezone.now(), _items(delegation)
    sent = reading.read(request.POST, items)
    if not _came_in(request, delegation.public_id):
        asked = sheets.plain(delegation.assessment, items, sent.filled)
        return _show(request, delegation, asked, Remark(_lost(), status=403))
    checked = reading.check(delegation.assessment.questionnaire.parsed(), items, sent)
    try:
        conflicts = delegating.answer(delegation, checked.given, now=now)
        fine = checked.is_fine() and not conflicts
        if fine and request.POST.get("action") == "next":
            delegating.give_back(delegation, now=now)
            return redirect("form:given_back")
    except OVER:
        raise Ended from None
    except AwaitsConfirmation:
        asked = sheets.plain(delegation.assessment, items, sent.filled)
        return _show(request, delegation, asked, Remark(_wait(), status=409))
    if fine:
        return redirect(reverse("form:delegation", args=[delegation.public_id]) + "?saved=1")
    filled = sheets.refreshed(sent, sheets.stored(delegation.assessment, items))
    asked = sheets.marked(delegation.assessment, items, filled, checked, conflicts)
    faults = [fault for each in asked if (fault := sheets.fault(each))]
    status = 400 if checked.strange else 200
    return _show(
        request, delegation, asked, Remark(faults=faults, foreign=not faults, status=status)
    )


def _lost() -> str:
    return _("The connection had timed out. Open the link in the mail once more, then press "
             "the button here again; your input is kept.")  # fmt: skip


def _wait() -> str:
    return _("Nothing was saved: the answers are just being confirmed. "
             "Press the button again later; your input is kept.")  # fmt: skip


def _show(
    request: HttpRequest,
    delegation: Delegation,
    asked: list[Question],
    remark: Remark = NOTHING,
) -> HttpResponse:
    more = {"questions": asked, "bare": True, "saved": "saved" in request.GET and not remark.faults}
    return _page(request, "colleague_questions", delegation, more, remark)


def _show_start(
    request: HttpRequest, delegation: Delegation, remark: Remark = NOTHING
) -> HttpResponse:
    opt_out = reverse("form:opt_out", args=[opting_out.token(delegation.contact)])
    return _page(request, "colleague", delegation, {"opt_out": opt_out}, remark)


def _show_decline(
    request: HttpRequest, delegation: Delegation, remark: Remark = NOTHING
) -> HttpResponse:
    return _page(request, "colleague_decline", delegation, {}, remark)


def _page(
    request: HttpRequest,
    template: str,
    delegation: Delegation,
    more: dict[str, Any],
    remark: Remark,
) -> HttpResponse:
    context = {"delegation": delegation, "count": len(delegation.numbers), **more}
    return opening.show(request, template, delegation.assessment, context, remark)


def _at_link(request: HttpRequest, token: str) -> Delegation:
    delegation = enlisting.find(token)
    if delegation is None:
        raise Http404
    opening.speak(request, delegation.contact)
    return delegation


def _running(request: HttpRequest, public_id: UUID) -> Delegation:
    """Only a browser that came in while it ran learns that it is over."""
    delegation = enlisting.get_running(public_id)
    if delegation is None:
        if _came_in(request, public_id):
            raise Ended
        raise Http404
    opening.speak(request, delegation.contact)
    return delegation


def _came_in(request: HttpRequest, public_id: UUID) -> bool:
    return str(public_id) in request.session.get(CAME_IN, [])


def _is_over(request: HttpRequest, public_id: UUID) -> bool:
    """This browser's reader has given it back or declined, perhaps by a click before."""
    by_colleague = (Outcome.GIVEN_BACK, Outcome.DECLINED)
    rows = Delegation.objects.filter(public_id=public_id, outcome__in=by_colleague)
    return _came_in(request, public_id) and rows.exists()


def _items(delegation: Delegation) -> list[Item]:
    content = delegation.assessment.questionnaire.parsed()
    return [item for item in content.items if item.number in delegation.numbers]
