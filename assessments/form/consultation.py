"""One thread: what both sides said and proposed in its order, and a field to say more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import consulting
from assessments.errors import WrongStatus
from assessments.form import clashing, consultations, entries, opening, terms
from assessments.form.entries import Knock
from assessments.form.opening import NOTHING, Remark
from assessments.form.talk_forms import MessageForm
from assessments.models import Assessment, Consultation, Message, Proposal, Side

State = Proposal.State


@dataclass(frozen=True)
class Said:
    """A message or a proposal as it is shown. `answer` is where an open proposal is answered."""

    ours: bool
    at: str
    text: str = ""
    lines: Sequence[tuple[str, str]] = field(default_factory=list)
    state: str = ""
    explanation: str = ""
    answer: str = ""


def again(
    request: HttpRequest, public_id: UUID, consultation_id: UUID, *, notice: str = ""
) -> HttpResponse:
    assessment = opening.living(request, public_id)
    thread = of(assessment, consultation_id)
    knock = Knock(inside=entries.is_in(request, assessment))
    return show(request, assessment, thread, MessageForm(request.POST), Remark(notice, knock=knock))


@opening.page(again=again)
def consultation(request: HttpRequest, public_id: UUID, consultation_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    thread = of(assessment, consultation_id)
    if request.method == "POST":
        return _write(request, assessment, thread)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    return show(request, assessment, thread, MessageForm())


def of(assessment: Assessment, consultation_id: UUID) -> Consultation:
    thread = assessment.consultations.filter(public_id=consultation_id).first()
    if thread is None:
        raise Http404
    thread.assessment = assessment
    return thread


def _write(request: HttpRequest, assessment: Assessment, thread: Consultation) -> HttpResponse:
    now, form = timezone.now(), MessageForm(request.POST)
    ends = request.POST.get("action") == "close"
    form.fields["text"].required = not ends
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return show(request, assessment, thread, form, Remark(knock=knock))
    if not form.is_valid():
        faults, status = form.faults(), 400 if form.is_strange() else 200
        return show(request, assessment, thread, form, Remark(faults=faults, status=status))
    act = consulting.close if ends else consulting.write
    voice, text = consultations.voice(assessment), form.cleaned_data["text"]
    try:
        act(thread, text, voice=voice, now=now)
    except WrongStatus:
        return ended(request, assessment, thread, text)
    return redirect(request.path if ends else f"{request.path}?sent=1")


def ended(
    request: HttpRequest, assessment: Assessment, thread: Consultation, text: str
) -> HttpResponse:
    """It came to its end meanwhile. What was typed and is not in it yet can open a new one."""
    assessment = opening.living(request, assessment.public_id)
    thread = of(assessment, thread.public_id)
    if not text or thread.messages.filter(side=Side.SUPPLIER, text=text).exists():
        return redirect(consultations.address(thread, assessment))  # A second click.
    sentence = _("This has ended meanwhile, so your words below were not sent.")
    form = MessageForm({"text": text})
    return show(request, assessment, thread, form, Remark(sentence, status=409))


def changed(
    request: HttpRequest, assessment: Assessment, thread: Consultation, text: str
) -> HttpResponse:
    """The proposal that was answered is not open any more. What was typed can be sent alone."""
    sentence = _("The proposal has changed meanwhile. Look at the newest one before you answer.")
    form = MessageForm({"text": text})
    return show(request, assessment, thread, form, Remark(sentence, status=409))


def show(
    request: HttpRequest,
    assessment: Assessment,
    thread: Consultation,
    form: MessageForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    """To a browser outside only what it typed is shown."""
    inside, is_open = remark.knock.inside, thread.state == Consultation.State.OPEN
    context = {
        "thread": thread,
        "address": consultations.address(thread, assessment),
        "kind": _(terms.KINDS[terms.Kind(thread.kind)]),
        "inside": inside,
        "name": terms.about(thread) if inside else "",
        "said": _said(assessment, thread) if inside else [],
        "agreed": terms.agreed(thread, assessment.contractor) if inside else [],
        "open": is_open or not inside,
        "reopens": inside and not is_open and bool(form.data.get("text")),
        "proposable": is_open and thread.kind == Consultation.Kind.TALKS,
        "sent": "sent" in request.GET and is_open,
        "form": form,
        "wrong": form.errors["text"][0] if remark.faults and form.errors else "",
    }
    return opening.show(request, "consultation", assessment, context, remark)


def _said(assessment: Assessment, thread: Consultation) -> list[Said]:
    told: list[tuple[datetime, int, Said]] = []
    told += [(each.sent_at, 0, _message(each)) for each in thread.messages.order_by("pk")]
    told += [
        (each.proposed_at, 1, _proposal(each, assessment, thread))
        for each in thread.proposals.order_by("pk")
    ]
    return [each for *_order, each in sorted(told, key=lambda row: row[:2])]


def _message(message: Message) -> Said:
    ours = message.side == Side.SUPPLIER
    return Said(ours, clashing.moment(message.sent_at), text=message.text)


def _proposal(proposal: Proposal, assessment: Assessment, thread: Consultation) -> Said:
    ours = proposal.side == Side.SUPPLIER
    told = {
        State.OPEN: _("Waits for a reply") if ours else _("Waits for your reply"),
        State.AGREED: _("Agreed"),
        State.REFUSED: _("Not agreed"),
        State.WITHDRAWN: _("Another took its place, or the talks ended"),
    }
    place = [assessment.public_id, thread.public_id, proposal.public_id]
    waits = proposal.state == State.OPEN and not ours
    return Said(
        ours,
        clashing.moment(proposal.proposed_at),
        lines=terms.of(proposal, assessment.contractor),
        state=told[State(proposal.state)],
        explanation=proposal.explanation,
        answer=reverse("form:answer_proposal", args=place) if waits else "",
    )
