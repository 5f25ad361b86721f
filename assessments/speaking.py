"""What is said in a thread, and whose turn it is then. The caller holds the request's row."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from assessments import timetable
from assessments.models import Assessment, Consultation, Message, Proposal, Side
from contractors.actors import Actor


@dataclass(frozen=True)
class Terms:
    """What is proposed. `share_percent` is the contractor's part, given iff cost is shared."""

    measure: str
    bearer: str
    cost_estimate_yen: int | None = None
    share_percent: int | None = None
    from_on: date | None = None
    price_reflection: str = ""


@dataclass(frozen=True)
class Matter:
    """What a thread is about: topics of talks, the item of a question, the day of an extension."""

    kind: Consultation.Kind
    text: str
    topics: Sequence[str] = ()
    item_number: int | None = None
    wanted_on: date | None = None
    proposal: Terms | None = None


@dataclass(frozen=True)
class Voice:
    """Who speaks, and for which side."""

    side: Side
    actor: Actor


def opened_already(assessment: Assessment, matter: Matter, *, voice: Voice) -> Consultation | None:
    """What a second click would open once more. A form has no key that tells it apart."""
    if voice.side != Side.SUPPLIER:
        return None
    alike = assessment.consultations.filter(
        kind=matter.kind,
        state=Consultation.State.OPEN,
        opened_by=voice.side,
        item_number=matter.item_number,
        wanted_on=matter.wanted_on,
        topics=list(matter.topics),
    )
    latest = alike.order_by("-pk").first()
    first = latest.messages.order_by("pk").first() if latest else None
    return latest if first and first.text == matter.text else None


def said_already(thread: Consultation, text: str, *, voice: Voice) -> Message | None:
    """What a second click would say once more: nothing was said or proposed since."""
    last = thread.messages.order_by("-pk").first()
    if voice.side != Side.SUPPLIER or last is None or (last.side, last.text) != (voice.side, text):
        return None
    return None if thread.proposals.filter(proposed_at__gt=last.sent_at).exists() else last


def put_already(thread: Consultation, terms: Terms, *, voice: Voice) -> Proposal | None:
    """What a second click would propose once more."""
    if voice.side != Side.SUPPLIER:
        return None
    own = thread.proposals.filter(side=voice.side, state=Proposal.State.OPEN)
    return own.filter(**asdict(terms)).first()


def say(thread: Consultation, text: str, *, voice: Voice, now: datetime) -> Message:
    return Message.objects.create(
        contractor_id=thread.contractor_id,
        consultation=thread,
        side=voice.side,
        actor=voice.actor.plain(),
        text=text,
        sent_at=now,
    )


def put(thread: Consultation, terms: Terms, *, voice: Voice, now: datetime) -> Proposal:
    withdraw(thread.proposals.filter(side=voice.side), voice=voice, now=now)
    return Proposal.objects.create(
        contractor_id=thread.contractor_id,
        consultation=thread,
        side=voice.side,
        actor=voice.actor.plain(),
        proposed_at=now,
        **asdict(terms),
    )


def withdraw(proposals: QuerySet[Proposal], *, voice: Voice, now: datetime) -> None:
    still_open = proposals.filter(state=Proposal.State.OPEN)
    by = voice.actor.plain()
    still_open.update(state=Proposal.State.WITHDRAWN, decided_at=now, decided_by=by)


def decide(
    proposal: Proposal,
    state: Proposal.State,
    *,
    explanation: str = "",
    voice: Voice,
    now: datetime,
) -> None:
    """Its end, and whose decision that was."""
    proposal.state, proposal.explanation = state, explanation
    proposal.decided_at, proposal.decided_by = now, voice.actor.plain()
    proposal.save(update_fields=["state", "explanation", "decided_at", "decided_by"])


def turn(thread: Consultation, *, voice: Voice, now: datetime) -> None:
    """Whose turn it is now. What a machine says for the contractor is no person's answer."""
    if voice.side == Side.CONTRACTOR and voice.actor.type != "user":
        return
    if voice.side == Side.CONTRACTOR:
        thread.waiting_since = thread.clock_at = thread.unanswered_at = None
    elif thread.waiting_since is None:
        seed = thread.assessment.number
        thread.waiting_since = now
        thread.clock_at = timetable.later(now, timetable.ANSWER_WITHIN, seed=seed)
    else:
        return
    thread.save(update_fields=["waiting_since", "clock_at", "unanswered_at"])


def end(thread: Consultation, state: Consultation.State, *, voice: Voice, now: datetime) -> None:
    thread.state, thread.closed_at, thread.closed_by = state, now, voice.actor.plain()
    thread.waiting_since = thread.clock_at = thread.unanswered_at = None
    turn = ["waiting_since", "clock_at", "unanswered_at"]
    thread.save(update_fields=["state", "closed_at", "closed_by", "result", "digest", *turn])
