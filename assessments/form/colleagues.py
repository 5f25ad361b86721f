"""S8, the asker's side: who was asked for which answers, and asking one more colleague.

The letter is shown exactly as it will leave; what was changed after that is shown anew first.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessments import delegating, enlisting, lettering
from assessments.delegating import Wish
from assessments.errors import AlreadyAsked, NoContact, SameContact, TooMany, WrongStatus
from assessments.form import clashing, closing, entries, opening
from assessments.form.colleague_forms import DelegationForm
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import Fault
from assessments.models import OPEN, Assessment, Delegation

Outcome = Delegation.Outcome
STATES: Final = {
    Outcome.GIVEN_BACK: gettext_noop("Answers given back"),
    Outcome.DECLINED: gettext_noop("Cannot answer"),
    Outcome.TAKEN_BACK: gettext_noop("Taken back"),
    Outcome.OVERTAKEN: gettext_noop("Over"),
}


@dataclass(frozen=True)
class Preview:
    """The letter that is to leave, shown before it does."""

    to: str
    subject: str
    body: str

    def mark(self) -> str:
        """Changes with every word of it."""
        return hashlib.sha256("\n".join((self.to, self.subject, self.body)).encode()).hexdigest()


@dataclass(frozen=True)
class Row:
    """One colleague and how far the answers are."""

    id: UUID
    name: str
    email: str
    numbers: str
    state: str
    answered: int
    all: int
    asked: str
    running: bool


@opening.page()
def colleagues(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The list. POST takes back what the button says."""
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if assessment.status not in OPEN:
        return redirect("form:receipt", public_id)
    rows = list(enlisting.with_related(assessment.delegations.order_by("-pk")))
    if request.method == "POST":
        return _take_back(request, rows, assessment)
    context = {"rows": _rows(assessment, rows), "sent": "sent" in request.GET}
    return opening.show(request, "colleagues", assessment, context)


def again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    assessment = opening.living(request, public_id)
    return _show(request, assessment, DelegationForm(assessment, request.POST), Remark(notice))


@opening.page(again=again)
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if request.method == "POST":
        return _ask(request, assessment)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if elsewhere := closing.elsewhere(assessment):
        return elsewhere
    return _show(request, assessment, DelegationForm(assessment))


def _take_back(
    request: HttpRequest, rows: list[Delegation], assessment: Assessment
) -> HttpResponse:
    wanted = request.POST.get("action", "")
    for row in rows:
        if str(row.public_id) == wanted:
            try:
                delegating.take_back(row, now=timezone.now())
            except WrongStatus:
                return closing.too_late(request, assessment)
    return redirect("form:colleagues", assessment.public_id)


def _ask(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    now, form = timezone.now(), DelegationForm(assessment, request.POST)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show(request, assessment, form, Remark(knock=knock))
    if not form.is_valid():
        status = 400 if form.is_strange() else 200
        return _show(request, assessment, form, Remark(faults=form.faults(), status=status))
    wish = form.wish()
    preview = _preview(assessment, wish, now=now)
    try:
        if request.POST.get("seen") != preview.mark():
            delegating.check(assessment, wish, now=now)
            return _show(request, assessment, form, preview=preview)
        delegating.delegate(assessment, wish, now=now)
    except (AlreadyAsked, NoContact, SameContact, TooMany) as refusal:
        form.add_error("email", str(refusal))
        fault = Fault(form.first_control("email"), str(refusal))
        status = 429 if isinstance(refusal, TooMany) else 200
        return _show(request, assessment, form, Remark(faults=[fault], status=status))
    except WrongStatus:
        return closing.too_late(request, assessment)
    return redirect(reverse("form:colleagues", args=[assessment.public_id]) + "?sent=1")


def _show(
    request: HttpRequest,
    assessment: Assessment,
    form: DelegationForm,
    remark: Remark = NOTHING,
    *,
    preview: Preview | None = None,
) -> HttpResponse:
    wrong = {name: said[0] for name, said in form.errors.items()} if remark.faults else {}
    context = {
        "form": form,
        "wrong": wrong,
        "parts": form.parts(),
        "preview": preview,
    }
    return opening.show(request, "ask_colleague", assessment, context, remark)


def _preview(assessment: Assessment, wish: Wish, *, now: datetime) -> Preview:
    """As it would leave now, but for the link, which is made when it leaves."""
    delegation = delegating.draft(assessment, wish, now=now)
    link = _("(here stands the colleague's own link)")
    letter = lettering.delegated(delegation, delegation.contact, link=link)
    return Preview(delegation.contact.email, letter.subject, letter.body)


def _rows(assessment: Assessment, delegations: list[Delegation]) -> list[Row]:
    answers = assessment.answers.exclude(value="").values_list("number", flat=True)
    answered = set(answers) if delegations else set()
    return [_row(each, answered) for each in delegations]


def _row(delegation: Delegation, answered: set[int]) -> Row:
    return Row(
        id=delegation.public_id,
        name=delegation.contact.name,
        email=delegation.contact.email,
        numbers=_(", ").join(map(str, delegation.numbers)),
        state=_state(delegation),
        answered=len(answered & set(delegation.numbers)),
        all=len(delegation.numbers),
        asked=clashing.moment(delegation.asked_at),
        running=delegation.ended_at is None,
    )


def _state(delegation: Delegation) -> str:
    if delegation.outcome:
        return _(STATES[Outcome(delegation.outcome)])
    return _("Being answered") if delegation.saved_at else _("Not started")
