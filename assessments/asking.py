"""A contractor asks a supplier, sends what was drafted, or takes the question back."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from assessments import awaiting, inviting, owing, scheduling, weighing
from assessments.errors import (
    NoContact,
    OrdersHeld,
    PersonNeeded,
    ProfileIncomplete,
    WarningsUnconfirmed,
    WrongStatus,
)
from assessments.locking import lock
from assessments.models import Assessment, Hold, Occasion, Status
from contractors.actors import Actor
from contractors.models import Contractor, User
from events import recording
from events.models import Kind
from events.recording import Happening
from questionnaires.models import Questionnaire
from suppliers import days
from suppliers.models import Contact, Supplier

KEPT = ("answers_kept_months", "talks_kept_months")  # from sending on, whatever is set later
OF_SENDING = ("status", "invited_at", "remind_at", "sent_by", "confirmed_by")
TRADE_GOES_ON: Final = "A"  # the promise that open items alone are no reason to review the trade
PROFILE = "supplier-profile"  # rides along with every IPA self-diagnosis


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


@dataclass(frozen=True)
class Confirmed:
    """The codes of warnings that were looked at, and the person who stands for them."""

    person: User | None = None
    codes: Collection[str] = ()


NOTHING: Final = Confirmed()


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
        number=_take_number(contractor),
        profile_questionnaire=_profile_for(wish.questionnaire),
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
    """Take the question back: links and browsers end, nothing more is mailed.

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
        _check_confirmed(assessment, confirmed)
    assessment.move_to(Status.INVITED)
    assessment.invited_at = now
    assessment.sent_by, person = actor.plain(), confirmed and confirmed.person
    assessment.confirmed_by = person and {
        "id": str(person.public_id),
        "name": person.name or person.email,
    }
    assessment.remind_at = scheduling.following(assessment, after=now)
    told = assessment.requirements.get("retention_months")
    assessment.answers_kept_months = told or assessment.contractor.answers_kept_months
    assessment.talks_kept_months = assessment.contractor.talks_kept_months
    assessment.save(update_fields=[*OF_SENDING, *KEPT])
    owing.owe(assessment, assessment.contact, Occasion.Kind.INVITATION, now=now)


def _check_sendable(assessment: Assessment, *, now: datetime) -> None:
    if missing := assessment.contractor.missing_for_sending():
        raise ProfileIncomplete(
            _("Suppliers must see who asks. Complete the contractor's profile first: %(missing)s.")
            % {"missing": ", ".join(missing)},
            missing=missing,
        )
    if assessment.supplier.status == Supplier.Status.ARCHIVED:
        raise NoContact(_("This supplier is archived. Restore it before you ask it."))
    if assessment.contact.status != Contact.Status.ACTIVE:
        raise NoContact(_("This contact cannot be written to. Choose another one."))
    _check_promises(assessment, now=now)


def _check_promises(assessment: Assessment, *, now: datetime) -> None:
    """Nobody is promised that open items leave the trade alone while new orders are stopped."""
    promises = assessment.requirements.get("promises", [])
    if TRADE_GOES_ON not in promises:
        return
    holds = Hold.objects.filter(supplier=assessment.supplier)
    if not holds.not_over(days.in_japan(now)).exists():
        return
    sentence = _(
        "New orders to this supplier are held, so nobody can promise that the trade goes on."
        " Release the hold first, or leave this promise out."
    )
    pointer = f"/requirements/promises/{promises.index(TRADE_GOES_ON)}"
    fault = {"pointer": pointer, "code": OrdersHeld.code, "detail": sentence}
    raise OrdersHeld(sentence, errors=[fault])


def _check_confirmed(assessment: Assessment, confirmed: Confirmed) -> None:
    """What can harm a supplier, and what is promised to it, is never sent by a machine alone."""
    serious = [each for each in assessment.warnings if each["serious"]]
    if waiting := [each for each in serious if each["code"] not in confirmed.codes]:
        codes = ", ".join(sorted({each["code"] for each in waiting}))
        raise WarningsUnconfirmed(
            _(
                "Look at these warnings and change the request, or send it with a key of a person"
                " and with their codes in confirmed_warnings: %(codes)s."
            )
            % {"codes": codes},
            warnings=waiting,
        )
    if confirmed.person is None and (serious or assessment.requirements.get("promises")):
        raise PersonNeeded(
            _("A person must stand for promises and serious warnings. Use a key bound to one.")
        )


def _profile_for(questionnaire: Questionnaire) -> Questionnaire | None:
    if not questionnaire.key.startswith("ipa-"):
        return None
    return Questionnaire.objects.official().published().newest(PROFILE)


def _take_number(contractor: Contractor) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_series AS mine (contractor_id, last) VALUES (%s, 1)"
            " ON CONFLICT (contractor_id) DO UPDATE SET last = mine.last + 1 RETURNING last",
            [contractor.pk],
        )
        return int(cursor.fetchone()[0])
