"""What the responsible person was asked to confirm: all answers, one tick, and two buttons.

The link shows no answers: whoever comes by it shows a code from that person's mailbox first. Once
it is over, the link leads nowhere, and a browser that came in before reads how it ended.
"""

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assessments import confirming, inviting, summarising
from assessments.errors import NotAsked, Stale
from assessments.form import checking, entries, opening
from assessments.form.confirm_forms import ConfirmForm, ReturnForm
from assessments.form.opening import NOTHING, Remark
from assessments.models import OPEN, Confirmation
from suppliers import days

State = Confirmation.State
ENDED_WELL: Final = frozenset({State.CONFIRMED, State.RETURNED})


def start_again(request: HttpRequest, token: str, *, notice: str = "") -> HttpResponse:
    return _show_start(request, _at_link(request, token), Remark(notice))


@opening.page(again=start_again)
def start(request: HttpRequest, token: str) -> HttpResponse:
    asked = _at_link(request, token)
    if request.method != "POST":
        return _show_start(request, asked)
    knock = entries.knock_to_confirm(request, asked, now=timezone.now())
    if not knock.inside:
        return _show_start(request, asked, Remark(knock=knock))
    return redirect("form:confirm", asked.public_id)


def confirm_again(request: HttpRequest, confirmation_id: UUID, *, notice: str = "") -> HttpResponse:
    asked = _within(request, confirmation_id)
    if not entries.may_confirm(request, asked):
        raise Http404
    if not _waits(asked):
        return _show_end(request, asked)
    return _show(request, asked, ConfirmForm(request.POST), Remark(notice))


@opening.page(again=confirm_again)
def confirm(request: HttpRequest, confirmation_id: UUID) -> HttpResponse:
    asked = _within(request, confirmation_id)
    if request.method == "POST" and _waits(asked):
        return _act(request, asked)
    if not entries.may_confirm(request, asked):
        raise Http404
    return _show(request, asked, ConfirmForm()) if _waits(asked) else _show_end(request, asked)


def _act(request: HttpRequest, asked: Confirmation) -> HttpResponse:
    now, returns = timezone.now(), request.POST.get("action") == "return"
    form = ReturnForm(request.POST) if returns else ConfirmForm(request.POST)
    knock = entries.knock_to_confirm(request, asked, now=now)
    if not knock.inside:
        return _show(request, asked, form, Remark(knock=knock))
    if not form.is_valid():
        status = 400 if form.is_strange() else 200
        return _show(request, asked, form, Remark(faults=form.faults(), status=status))
    try:
        if returns:
            confirming.return_(asked, note=form.cleaned_data["note"], now=now)
        else:
            confirming.confirm(asked, now=now)
    except NotAsked:
        asked.refresh_from_db()
        return _show_end(request, asked)
    except Stale:
        return _show(request, asked, form, Remark(status=409))
    return redirect("form:confirm", asked.public_id)


def _show_start(
    request: HttpRequest, asked: Confirmation, remark: Remark = NOTHING
) -> HttpResponse:
    return opening.show(request, "confirm_start", asked.assessment, {}, remark)


def _show(
    request: HttpRequest,
    asked: Confirmation,
    form: ConfirmForm | ReturnForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    assessment, shown = asked.assessment, dict[str, Any]()
    if remark.knock.inside:
        answers = {answer.number: answer for answer in assessment.answers.all()}
        shown = {
            "parts": checking.parts(assessment, answers),
            "summary": summarising.summarise(assessment),
            "changed": confirming.is_changed(asked),
        }
    context = {
        "asked": asked,
        "late": assessment.due_on < days.in_japan(timezone.now()),
        "form": form,
        "wrong": {name: said[0] for name, said in form.errors.items()} if remark.faults else {},
        **shown,
    }
    return opening.show(request, "confirm", assessment, context, remark)


def _show_end(request: HttpRequest, asked: Confirmation) -> HttpResponse:
    """Handed in, returned, or not asked for any more: the reason stands in the page."""
    submission = None
    if asked.state == State.CONFIRMED and asked.ended_at:
        submission = asked.assessment.submissions.filter(submitted_at=asked.ended_at).first()
    context = {"asked": asked, "submission": submission}
    remark = Remark(status=200 if asked.state in ENDED_WELL else 410)
    return opening.show(request, "confirm_end", asked.assessment, context, remark)


def _waits(asked: Confirmation) -> bool:
    return asked.state == State.ASKED and asked.assessment.status in OPEN


def _at_link(request: HttpRequest, token: str) -> Confirmation:
    return _spoken(request, inviting.find_confirmation(token))


def _within(request: HttpRequest, public_id: UUID) -> Confirmation:
    return _spoken(request, inviting.get_confirmation(public_id))


def _spoken(request: HttpRequest, found: Confirmation | None) -> Confirmation:
    if found is None:
        raise Http404
    opening.speak(request, found.person)
    return found
