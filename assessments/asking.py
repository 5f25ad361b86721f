"""A contractor asks a supplier, sends what was drafted, or takes the question back."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import awaiting, inviting, owing, preparing, scheduling, weighing
from assessments.errors import NoContact, OrdersHeld, WrongStatus
from assessments.locking import lock
from assessments.models import Assessment, Hold, Occasion, Status
from assessments.preparing import NOTHING, Confirmed
from contractors.actors import Actor
from contractors.models import Contractor
from events import recording
from events.models import Kind
from events.recording import Happening
from questionnaires.models import Questionnaire
from suppliers import days
from suppliers.models import Contact, Supplier

KEPT = ("answers_kept_months", "talks_kept_months")  # from sending on, whatever is set later
OF_SENDING = ("status", "invited_at", "remind_at", "sent_by", "confirmed_by")


@dataclass(frozen=True)
class Wish:
    """What a contractor wants of one supplier. `requirements` follow requirements.schema.json."""

    supplier: Supplier
    contact: Contact
    questionnaire: Questionnaire
    due_on: date
    implement_by: date | None = None
    message: str = ""
    requirements: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def ask(
    contractor: Contractor,
    wish: Wish,
    *,
    send: bool,
    confirmed: Confirmed | None = NOTHING,
    actor: Actor,
    now: datetime,
) -> Assessment:
    """Draft a request and, with `send`, invite the supplier at once, whatever the hour.

    What could make it unfair is kept with it as warnings. A draft is hindered by
    none, and what nobody is asked to confirm (`confirmed` is None) is a dry run's.

    Refused with `talks-unanswered` while the supplier waits for an answer for too long.
    """
    awaiting.check(wish.supplier)
    assessment = Assessment.objects.create(
        contractor=contractor,
        number=preparing.take_numbers(contractor, 1)[0],
        profile_questionnaire=preparing.profile_for(wish.questionnaire),
        requested_at=now,
        warnings=_warnings(contractor, wish, now=now),
        **vars(wish),
    )
    happenings = [Happening(Kind.ASSESSMENT_REQUESTED, assessment.public_id)]
    if send:
        _invite(assessment, confirmed, actor=actor, now=now)
        happenings.append(Happening(Kind.ASSESSMENT_INVITED, assessment.public_id))
    recording.record(contractor, happenings, actor=actor, now=now)
    return assessment


@transaction.atomic
def send(
    assessment: Assessment, *, confirmed: Confirmed = NOTHING, actor: Actor, now: datetime
) -> Assessment:
    """Invite the supplier to a request that was drafted."""
    assessment = lock(assessment)
    if assessment.status != Status.DRAFT:
        raise WrongStatus(_("Only a draft can be sent."), allowed=[Status.DRAFT.value])
    awaiting.check(assessment.supplier)
    _invite(assessment, confirmed, actor=actor, now=now)
    happening = Happening(Kind.ASSESSMENT_INVITED, assessment.public_id)
    recording.record(assessment.contractor, [happening], actor=actor, now=now)
    return assessment


@transaction.atomic
def cancel(assessment: Assessment, *, reason: str, actor: Actor, now: datetime) -> Assessment:
    """Take the question back: links and browsers end; who was written to is told so, once.

    Refused with `talks-unanswered` while it is talked about and unanswered for too long.
    """
    assessment = lock(assessment)
    assessment.move_to(Status.CANCELLED)
    awaiting.check_own(assessment)
    assessment.remind_at, assessment.closing_note = None, reason
    assessment.decided_at, assessment.decided_by = now, actor.plain()
    assessment.save(
        update_fields=["status", "remind_at", "closing_note", "decided_at", "decided_by"]
    )
    inviting.revoke_links(assessment, now=now)
    owing.apologise(owing.written_to([assessment.pk]), now=now)
    happening = Happening(Kind.ASSESSMENT_CANCELLED, assessment.public_id)
    recording.record(assessment.contractor, [happening], actor=actor, now=now)
    return assessment


def _warnings(contractor: Contractor, wish: Wish, *, now: datetime) -> list[dict[str, Any]]:
    found = weighing.weigh(
        contractor,
        wish.supplier,
        due_on=wish.due_on,
        implement_by=wish.implement_by,
        requirements=wish.requirements,
        now=now,
    )
    return [warned.plain for warned in found]


def _invite(
    assessment: Assessment, confirmed: Confirmed | None, *, actor: Actor, now: datetime
) -> None:
    _check_sendable(assessment, now=now)
    if confirmed is not None:
        preparing.check_confirmed(assessment.warnings, assessment.requirements, confirmed)
    assessment.move_to(Status.INVITED)
    assessment.invited_at = now
    assessment.sent_by = actor.plain()
    assessment.confirmed_by = confirmed and confirmed.plain()
    assessment.remind_at = scheduling.following(assessment, after=now)
    told = assessment.requirements.get("retention_months")
    assessment.answers_kept_months = told or assessment.contractor.answers_kept_months
    assessment.talks_kept_months = assessment.contractor.talks_kept_months
    assessment.save(update_fields=[*OF_SENDING, *KEPT])
    owing.owe(assessment, assessment.contact, Occasion.Kind.INVITATION, now=now)


def _check_sendable(assessment: Assessment, *, now: datetime) -> None:
    preparing.check_profile(assessment.contractor)
    if assessment.supplier.status == Supplier.Status.ARCHIVED:
        raise NoContact(_("This supplier is archived. Restore it before you ask it."))
    if assessment.contact.status != Contact.Status.ACTIVE:
        raise NoContact(_("This contact cannot be written to. Choose another one."))
    _check_promises(assessment, now=now)


def _check_promises(assessment: Assessment, *, now: datetime) -> None:
    """Nobody is promised that open items leave the trade alone while new orders are stopped."""
    promises = assessment.requirements.get("promises", [])
    if preparing.TRADE_GOES_ON not in promises:
        return
    holds = Hold.objects.filter(supplier=assessment.supplier)
    if not holds.not_over(days.in_japan(now)).exists():
        return
    sentence = _(
        "New orders to this supplier are held, so nobody can promise that the trade goes on."
        " Release the hold first, or leave this promise out."
    )
    pointer = f"/requirements/promises/{promises.index(preparing.TRADE_GOES_ON)}"
    fault = {"pointer": pointer, "code": OrdersHeld.code, "detail": sentence}
    raise OrdersHeld(sentence, errors=[fault])
