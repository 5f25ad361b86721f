"""Beside answering: the threads of a request, and how a supplier opens one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import consulting
from assessments.errors import AlreadyOpen, WrongStatus
from assessments.form import clashing, entries, opening, terms
from assessments.form.entries import Knock
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import local
from assessments.form.talk_forms import MessageForm, QuestionForm, TalksForm
from assessments.models import SENT, Assessment, Consultation, Side
from assessments.speaking import Voice

Kind = Consultation.Kind
OPENABLE: Final = (Kind.TALKS, Kind.QUESTION, Kind.OBJECTION)  # more time has a page of its own
SHOWN: Final = 50  # the newest


@dataclass(frozen=True)
class Row:
    name: str
    address: str
    opened: str
    told: str
    done: bool


def voice(assessment: Assessment) -> Voice:
    return Voice(Side.SUPPLIER, assessment.supplier_actor())


def address(thread: Consultation, assessment: Assessment) -> str:
    return reverse("form:consultation", args=[assessment.public_id, thread.public_id])


@opening.page()
def consultations(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    threads = assessment.consultations.order_by("-pk")[:SHOWN]
    context = {
        "rows": [_row(each, assessment) for each in threads],
        "openable": [each.value for each in _openable(assessment)],
        "back": back(assessment),
    }
    return opening.show(request, "consultations", assessment, context)


def again(request: HttpRequest, public_id: UUID, kind: str, *, notice: str = "") -> HttpResponse:
    assessment = opening.living(request, public_id)
    form = _form(assessment, _kind(kind), request.POST)
    knock = Knock(inside=entries.is_in(request, assessment))
    return _show(request, assessment, _kind(kind), form, Remark(notice, knock=knock))


@opening.page(again=again)
def open_consultation(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    assessment, asked = opening.living(request, public_id), _kind(kind)
    if request.method == "POST":
        return _open(request, assessment, asked)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if asked not in _openable(assessment):
        return redirect("form:consultations", public_id)
    open_one = _open_thread(assessment, asked)
    if open_one:
        return redirect(address(open_one, assessment))
    return _show(request, assessment, asked, _form(assessment, asked, None, request.GET))


def _open(request: HttpRequest, assessment: Assessment, kind: Consultation.Kind) -> HttpResponse:
    now, form = timezone.now(), _form(assessment, kind, request.POST)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show(request, assessment, kind, form, Remark(knock=knock))
    if not form.is_valid():
        status = 400 if form.is_strange() else 200
        remark = Remark(faults=form.faults(), status=status)
        return _show(request, assessment, kind, form, remark)
    try:
        thread = consulting.start(assessment, form.matter(kind), voice=voice(assessment), now=now)
    except (AlreadyOpen, WrongStatus):
        return _refused(request, assessment, kind, form)
    return redirect(f"{address(thread, assessment)}?sent=1")


def _refused(
    request: HttpRequest, assessment: Assessment, kind: Consultation.Kind, form: MessageForm
) -> HttpResponse:
    """What was typed stays in the page, to be said elsewhere."""
    assessment = opening.living(request, assessment.public_id)
    if kind in _openable(assessment):
        sentence = _("This is being talked about already. Copy your words and write them there.")
    else:
        sentence = _("This cannot be opened any more. Your words were not sent; call the contact.")
    return _show(request, assessment, kind, form, Remark(sentence, status=409))


def _show(
    request: HttpRequest,
    assessment: Assessment,
    kind: Consultation.Kind,
    form: MessageForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    wrong = {name: said[0] for name, said in form.errors.items()} if remark.faults else {}
    thread = _open_thread(assessment, kind) if remark.status == 409 else None
    context = {
        "kind": kind.value,
        "form": form,
        "wrong": wrong,
        "thread": address(thread, assessment) if thread else "",
    }
    return opening.show(request, "open_consultation", assessment, context, remark)


def _form(
    assessment: Assessment, kind: Consultation.Kind, post: Any, asked: Any = None
) -> MessageForm:
    if kind == Kind.TALKS:
        return TalksForm(post)
    if kind == Kind.OBJECTION:
        return MessageForm(post)
    named = _("Question %(number)s: %(topic)s")
    items = {
        item.number: named % {"number": item.number, "topic": local(item.topic)}
        for item in assessment.questionnaire.parsed().items
    }
    initial = {"item": asked.get("item", "")} if asked else {}
    return QuestionForm(post, items=items, initial=initial)


def _kind(kind: str) -> Consultation.Kind:
    if kind not in OPENABLE:
        raise Http404
    return Kind(kind)


def _openable(assessment: Assessment) -> list[Consultation.Kind]:
    here = [each for each in OPENABLE if assessment.status in consulting.STATUSES[each]]
    rated = assessment.contractor.shares_results  # nobody objects to what is not shown
    return [each for each in here if each != Kind.OBJECTION or rated]


def _open_thread(assessment: Assessment, kind: Consultation.Kind) -> Consultation | None:
    """The thread in which it is talked about already; of questions there may be several."""
    if kind == Kind.QUESTION:
        return None
    return assessment.consultations.open().filter(kind=kind).first()


def worth_reading(assessment: Assessment) -> list[Consultation]:
    """Threads in which the contractor spoke last, and those that were agreed on; newest first."""
    replied = Q(state=Consultation.State.OPEN, waiting_since=None)
    agreed = Q(state=Consultation.State.AGREED)
    return list(assessment.consultations.filter(replied | agreed).order_by("-pk")[:SHOWN])


def agreements(threads: Iterable[Consultation], assessment: Assessment) -> list[Row]:
    """What was agreed on, each as the file to keep."""
    return [
        Row(
            name=terms.about(each),
            address=reverse("form:agreement", args=[assessment.public_id, each.public_id]),
            opened=clashing.moment(each.closed_at),
            told=_("PDF in Japanese"),
            done=True,
        )
        for each in threads
        if each.closed_at and not each.erased
    ]


def back(assessment: Assessment) -> str:
    name = "receipt" if assessment.status in SENT else "overview"
    return reverse(f"form:{name}", args=[assessment.public_id])


def _row(thread: Consultation, assessment: Assessment) -> Row:
    return Row(
        name=terms.about(thread),
        address=address(thread, assessment),
        opened=clashing.moment(thread.opened_at),
        told=state(thread),
        done=thread.state != Consultation.State.OPEN,
    )


def state(thread: Consultation) -> str:
    if thread.state == Consultation.State.AGREED:
        return _("Agreed")
    if thread.state == Consultation.State.CLOSED:
        return _("Ended")
    return _("Waits for a reply") if thread.waiting_since else _("Replied")
