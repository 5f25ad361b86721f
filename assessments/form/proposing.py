"""What is proposed in talks, and the answer to what the other side proposed."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import consulting
from assessments.errors import Stale, WrongStatus
from assessments.form import consultation, consultations, entries, opening, terms
from assessments.form.entries import Knock
from assessments.form.opening import NOTHING, Remark
from assessments.form.talk_forms import DecisionForm, ProposalForm
from assessments.models import Assessment, Consultation, Proposal, Side

State = Proposal.State


def propose_again(
    request: HttpRequest, public_id: UUID, consultation_id: UUID, *, notice: str = ""
) -> HttpResponse:
    assessment = opening.living(request, public_id)
    thread = _talks(assessment, consultation_id)
    remark = Remark(notice, knock=Knock(inside=entries.is_in(request, assessment)))
    return _show(request, assessment, thread, ProposalForm(request.POST), remark)


@opening.page(again=propose_again)
def propose(request: HttpRequest, public_id: UUID, consultation_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    thread = _talks(assessment, consultation_id)
    if request.method == "POST":
        return _propose(request, assessment, thread)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if thread.state != Consultation.State.OPEN:
        return redirect(consultations.address(thread, assessment))
    return _show(request, assessment, thread, ProposalForm(initial=_last(thread)))


def _talks(assessment: Assessment, consultation_id: UUID) -> Consultation:
    thread = consultation.of(assessment, consultation_id)
    if thread.kind != Consultation.Kind.TALKS:
        raise Http404
    return thread


def _last(thread: Consultation) -> dict[str, Any]:
    """Whoever proposes something else starts from what lies on the table."""
    lying = thread.proposals.filter(state=State.OPEN).order_by("-pk").first()
    return {name: getattr(lying, name) for name in Proposal.TERMS} if lying else {}


def _propose(request: HttpRequest, assessment: Assessment, thread: Consultation) -> HttpResponse:
    now, form = timezone.now(), ProposalForm(request.POST)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show(request, assessment, thread, form, Remark(knock=knock))
    if not form.is_valid():
        status = 400 if form.is_strange() else 200
        return _show(request, assessment, thread, form, Remark(faults=form.faults(), status=status))
    try:
        consulting.propose(thread, form.terms(), voice=consultations.voice(assessment), now=now)
    except WrongStatus:
        assessment = opening.living(request, assessment.public_id)
        sentence = _("This has ended meanwhile, so your words below were not sent.")
        return _show(request, assessment, thread, form, Remark(sentence, status=409))
    return redirect(f"{consultations.address(thread, assessment)}?sent=1")


def _show(
    request: HttpRequest,
    assessment: Assessment,
    thread: Consultation,
    form: ProposalForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    context = {
        "form": form,
        "wrong": _wrong(form, remark),
        "back": consultations.address(thread, assessment),
    }
    return opening.show(request, "proposal", assessment, context, remark)


def answer_again(
    request: HttpRequest,
    public_id: UUID,
    consultation_id: UUID,
    proposal_id: UUID,
    *,
    notice: str = "",
) -> HttpResponse:
    assessment = opening.living(request, public_id)
    proposal = _proposal(assessment, consultation_id, proposal_id)
    remark = Remark(notice, knock=Knock(inside=entries.is_in(request, assessment)))
    return _show_answer(request, assessment, proposal, DecisionForm(request.POST), remark)


@opening.page(again=answer_again)
def answer(
    request: HttpRequest, public_id: UUID, consultation_id: UUID, proposal_id: UUID
) -> HttpResponse:
    assessment = opening.living(request, public_id)
    proposal = _proposal(assessment, consultation_id, proposal_id)
    if request.method == "POST":
        return _answer(request, assessment, proposal)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if proposal.state != State.OPEN:
        return redirect(consultations.address(proposal.consultation, assessment))
    return _show_answer(request, assessment, proposal, DecisionForm())


def _proposal(assessment: Assessment, consultation_id: UUID, proposal_id: UUID) -> Proposal:
    """One of the other side: nobody answers an own proposal."""
    thread = consultation.of(assessment, consultation_id)
    proposal = thread.proposals.filter(public_id=proposal_id, side=Side.CONTRACTOR).first()
    if proposal is None:
        raise Http404
    proposal.consultation = thread
    return proposal


def _answer(request: HttpRequest, assessment: Assessment, proposal: Proposal) -> HttpResponse:
    now, form = timezone.now(), DecisionForm(request.POST)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show_answer(request, assessment, proposal, form, Remark(knock=knock))
    if not form.is_valid():
        remark = Remark(faults=form.faults(), status=400 if form.is_strange() else 200)
        return _show_answer(request, assessment, proposal, form, remark)
    agrees, text = form.cleaned_data["decision"] == "agree", form.cleaned_data["text"]
    thread, voice = proposal.consultation, consultations.voice(assessment)
    act = consulting.agree if agrees else consulting.refuse
    try:
        act(proposal, text, voice=voice, now=now)
    except (Stale, WrongStatus):
        return _late(request, assessment, proposal, State.AGREED if agrees else State.REFUSED, text)
    return redirect(consultations.address(thread, assessment) + ("" if agrees else "?sent=1"))


def _late(
    request: HttpRequest, assessment: Assessment, proposal: Proposal, wanted: State, text: str
) -> HttpResponse:
    """A second click finds its own decision; else the proposal is not the one that was read."""
    assessment = opening.living(request, assessment.public_id)
    proposal.refresh_from_db(fields=["state", "explanation"])
    thread = consultation.of(assessment, proposal.consultation.public_id)
    if proposal.state == wanted:
        return redirect(consultations.address(thread, assessment))
    if thread.state != Consultation.State.OPEN:
        return consultation.ended(request, assessment, thread, text)
    return consultation.changed(request, assessment, thread, text)


def _show_answer(
    request: HttpRequest,
    assessment: Assessment,
    proposal: Proposal,
    form: DecisionForm,
    remark: Remark = NOTHING,
) -> HttpResponse:
    inside = remark.knock.inside
    context = {
        "form": form,
        "lines": terms.of(proposal, assessment.contractor) if inside else [],
        "wrong": _wrong(form, remark),
        "back": consultations.address(proposal.consultation, assessment),
    }
    return opening.show(request, "proposal_answer", assessment, context, remark)


def _wrong(form: ProposalForm | DecisionForm, remark: Remark) -> dict[str, str]:
    return {name: str(said[0]) for name, said in form.errors.items()} if remark.faults else {}
