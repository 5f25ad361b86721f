"""Both sides talk about a request, dated and kept, until they agree or close the thread.

Refusing or delaying talks is what the act on fair subcontracting forbids: the contractor's turn
is timed, a refusal is explained, and what was agreed on is frozen.
"""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import announcing, owing, speaking
from assessments.errors import AlreadyOpen, NotYours, Stale, Unexplained, WrongStatus
from assessments.locking import lock
from assessments.models import (
    LIVING,
    OPEN,
    SENT,
    Assessment,
    Consultation,
    Message,
    Notice,
    Occasion,
    Proposal,
    Side,
    Status,
)
from assessments.speaking import Matter, Terms, Voice
from events import recording
from events.models import Kind
from events.recording import Happening
from questionnaires import content

MOST_QUESTIONS: Final = 20  # open at a time in one request
STATUSES: Final = {  # in which a thread of a kind can be opened
    Consultation.Kind.TALKS: OPEN | {Status.SUBMITTED},
    Consultation.Kind.QUESTION: OPEN,
    Consultation.Kind.EXTENSION: OPEN,
    Consultation.Kind.OBJECTION: SENT,
}


@transaction.atomic
def start(assessment: Assessment, matter: Matter, *, voice: Voice, now: datetime) -> Consultation:
    """Open a thread. Of talks, extensions and objections one is open at a time."""
    assessment = lock(assessment)
    if again := speaking.opened_already(assessment, matter, voice=voice):
        return again
    _check_openable(assessment, matter)
    thread = Consultation.objects.create(
        contractor=assessment.contractor,
        assessment=assessment,
        kind=matter.kind,
        opened_by=voice.side,
        topics=list(matter.topics),
        item_number=matter.item_number,
        wanted_on=matter.wanted_on,
        opened_at=now,
    )
    speaking.say(thread, matter.text, voice=voice, now=now)
    if matter.proposal:
        speaking.put(thread, matter.proposal, voice=voice, now=now)
    speaking.turn(thread, voice=voice, now=now)
    objected = matter.kind == Consultation.Kind.OBJECTION
    kind = Kind.CONSULTATION_OBJECTED if objected else Kind.CONSULTATION_OPENED
    _happened(kind, thread, "opened", voice=voice, now=now)
    return thread


@transaction.atomic
def write(thread: Consultation, text: str, *, voice: Voice, now: datetime) -> Message:
    """Add a message. A person's answer for the contractor stops the clock."""
    thread = _hold(thread)
    if again := speaking.said_already(thread, text, voice=voice):
        return again
    message = speaking.say(thread, text, voice=voice, now=now)
    speaking.turn(thread, voice=voice, now=now)
    _happened(Kind.CONSULTATION_REPLIED, thread, "message", voice=voice, now=now)
    return message


@transaction.atomic
def propose(thread: Consultation, terms: Terms, *, voice: Voice, now: datetime) -> Proposal:
    """Propose something. It takes the place of the same side's open proposal."""
    thread = _hold(thread)
    if again := speaking.put_already(thread, terms, voice=voice):
        return again
    proposal = speaking.put(thread, terms, voice=voice, now=now)
    speaking.turn(thread, voice=voice, now=now)
    _happened(Kind.CONSULTATION_REPLIED, thread, "proposal", voice=voice, now=now)
    return proposal


@transaction.atomic
def refuse(proposal: Proposal, explanation: str, *, voice: Voice, now: datetime) -> Proposal:
    """Say no to the other side's proposal, and why."""
    thread = _hold(proposal.consultation)
    proposal = _open_proposal(proposal, voice=voice)
    if not explanation.strip():
        raise Unexplained(_("Say in at least one sentence why this proposal is refused."))
    speaking.decide(proposal, Proposal.State.REFUSED, explanation=explanation, voice=voice, now=now)
    speaking.turn(thread, voice=voice, now=now)
    _happened(Kind.CONSULTATION_REPLIED, thread, "refusal", voice=voice, now=now)
    return proposal


@transaction.atomic
def agree(proposal: Proposal, text: str = "", *, voice: Voice, now: datetime) -> Consultation:
    """Agree to the other side's proposal: it is frozen, and the thread ends with `text`."""
    thread = _hold(proposal.consultation)
    proposal = _open_proposal(proposal, voice=voice)
    if text.strip():
        speaking.say(thread, text, voice=voice, now=now)
    speaking.decide(proposal, Proposal.State.AGREED, voice=voice, now=now)
    speaking.withdraw(thread.proposals.all(), voice=voice, now=now)
    thread.result = _result(thread, proposal, voice=voice, now=now)
    thread.digest = content.digest(thread.result)
    speaking.end(thread, Consultation.State.AGREED, voice=voice, now=now)
    _happened(Kind.CONSULTATION_AGREED, thread, "agreement", voice=voice, now=now)
    return thread


@transaction.atomic
def close(thread: Consultation, text: str = "", *, voice: Voice, now: datetime) -> Consultation:
    """End a thread without an agreement. The contractor says why where it owes an answer."""
    thread = _hold(thread)
    if voice.side == Side.CONTRACTOR and thread.waiting_since and not text.strip():
        raise Unexplained(_("The supplier waits for an answer. Answer it when you close this."))
    if text.strip():
        speaking.say(thread, text, voice=voice, now=now)
    speaking.withdraw(thread.proposals.all(), voice=voice, now=now)
    speaking.end(thread, Consultation.State.CLOSED, voice=voice, now=now)
    _happened(Kind.CONSULTATION_REPLIED, thread, "closed", voice=voice, now=now)
    return thread


def _check_openable(assessment: Assessment, matter: Matter) -> None:
    _refuse_erased(assessment)
    allowed = STATUSES[matter.kind]
    if assessment.status not in allowed:
        raise WrongStatus(
            _("This cannot be opened while the request is %(status)s.")
            % {"status": assessment.status},
            allowed=sorted(status.value for status in allowed),
        )
    alike = assessment.consultations.filter(kind=matter.kind, state=Consultation.State.OPEN)
    most = MOST_QUESTIONS if matter.kind == Consultation.Kind.QUESTION else 1
    if alike.count() >= most:
        raise AlreadyOpen(_("This is being talked about already. Write there."))


def _hold(thread: Consultation) -> Consultation:
    """The thread as it is now, open, behind the lock of its request."""
    assessment = lock(thread.assessment)
    _refuse_erased(assessment)
    thread = assessment.consultations.select_related("assessment").get(pk=thread.pk)
    thread.assessment = assessment
    if thread.state != Consultation.State.OPEN:
        raise WrongStatus(
            _("This consultation has ended. Open a new one."),
            allowed=[Consultation.State.OPEN.value],
        )
    if assessment.status not in LIVING:
        raise WrongStatus(
            _("This request has ended, and so has what was said about it."),
            allowed=sorted(status.value for status in LIVING),
        )
    return thread


def _refuse_erased(assessment: Assessment) -> None:
    """Words that come after the erasure would stay for ever."""
    if assessment.talks_erased_at is not None:
        raise WrongStatus(_("This request has ended: what was said is erased."), allowed=[])


def _open_proposal(proposal: Proposal, *, voice: Voice) -> Proposal:
    proposal = Proposal.objects.get(pk=proposal.pk)
    if proposal.side == voice.side:
        raise NotYours(_("The other side decides about this proposal."))
    if proposal.state != Proposal.State.OPEN:
        raise Stale(_("This proposal is not open any more. Look at the newest one."))
    return proposal


def _result(
    thread: Consultation, proposal: Proposal, *, voice: Voice, now: datetime
) -> dict[str, Any]:
    terms = {name: getattr(proposal, name) for name in Proposal.TERMS}
    return terms | {
        "consultation": str(thread.public_id),
        "kind": thread.kind,
        "topics": thread.topics,
        "proposal": str(proposal.public_id),
        "proposed_by": proposal.side,
        "proposed_by_whom": proposal.actor,
        "agreed_by": voice.side.value,
        "agreed_by_whom": voice.actor.plain(),
        "number": thread.assessment.readable_number(),
        "contractor": thread.assessment.contractor.name,
        "supplier": thread.assessment.supplier.name,
        "proposed_at": proposal.proposed_at.isoformat(),
        "agreed_at": now.isoformat(),
        "from_on": proposal.from_on.isoformat() if proposal.from_on else None,
    }


def _happened(kind: Kind, thread: Consultation, act: str, *, voice: Voice, now: datetime) -> None:
    assessment = thread.assessment
    Assessment.objects.filter(pk=assessment.pk).update(talked_at=now)
    if voice.side == Side.CONTRACTOR:
        why = Occasion.Kind.CONSULTATION
        owing.owe_anew(assessment, assessment.contact, why, now=now)
    elif thread.state != Consultation.State.OPEN:
        announcing.settle(thread, now=now)
    elif thread.waiting_since:
        told = Notice.Kind.OPENED if act == "opened" else Notice.Kind.WRITTEN
        announcing.announce(thread, told, now=now)
    detail = {"consultation": str(thread.public_id), "kind": thread.kind, "act": act}
    happening = Happening(kind, assessment.public_id, detail=detail)
    recording.record(assessment.contractor, [happening], actor=voice.actor, now=now)
