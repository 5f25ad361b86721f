"""A campaign asks all its suppliers: launched by a person or system, done chunk by chunk.

A chunk is one transaction with as many statements however many suppliers it holds: a request, a
letter that is owed for its moment, and two events for each. Who cannot be asked is left out and
named in the result. Nothing leaves for five minutes, in which a campaign is taken back unheard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import gauging, preparing, scheduling, timetable, warning
from assessments.errors import DueTooEarly, NobodyToAsk, WrongStatus
from assessments.gauging import REASONS, Gauged, Wish
from assessments.locking import lock_campaign
from assessments.models import Assessment, Campaign, Mail, Occasion, Status
from assessments.preparing import Confirmed
from contractors import copying
from contractors.actors import Actor
from events import bell, operating, recording
from events.models import Kind, Operation
from events.operating import Order, Outcome, Row
from events.recording import Happening
from suppliers import days
from suppliers.models import Supplier

KIND: Final = "campaign.launch"
CHUNK: Final = 500  # suppliers a transaction: two events each
UNDO: Final = timedelta(minutes=5)  # before the first letter
ASKED, UNASKED = "asked", "unasked"


@dataclass(frozen=True)
class Plan:
    """What a launch at this moment would do."""

    first_mail_at: datetime
    last_mail_at: datetime
    gauged: Gauged


def plan(campaign: Campaign, *, now: datetime) -> Plan:
    """Refuses what a launch would refuse, but for the confirmation of a person."""
    preparing.check_profile(campaign.contractor)
    gauged = gauging.gauge(gauging.members(campaign), Wish.of(campaign), now=now)
    if not gauged.askable:
        raise NobodyToAsk(
            _("None of the suppliers of this campaign can be asked. Add suppliers that can."),
            unaskable=gauged.unaskable,
        )
    first, total = first_mail_at(campaign, now=now), campaign.members.count()
    [last] = timetable.paced(first, [total - 1], per_minute=campaign.mails_per_minute)
    if campaign.due_on <= days.in_japan(last):
        raise DueTooEarly(
            _("The last letter leaves on %(day)s. Choose a later due day or more mails a minute.")
            % {"day": days.in_japan(last)},
            last_mail_at=last.astimezone(timezone.get_default_timezone()).isoformat(),
        )
    return Plan(first, last, gauged)


@transaction.atomic
def launch(campaign: Campaign, *, confirmed: Confirmed, actor: Actor, now: datetime) -> Operation:
    """Owe the requests to the workers. Safe to repeat: the first operation is given back."""
    campaign = lock_campaign(campaign)
    if campaign.status in {Campaign.Status.LAUNCHED, Campaign.Status.COMPLETED}:
        assert campaign.operation
        return campaign.operation
    if campaign.status != Campaign.Status.DRAFT:
        raise WrongStatus(_("Only a draft can be launched."), allowed=[Campaign.Status.DRAFT.value])
    planned = plan(campaign, now=now)
    preparing.check_confirmed(planned.gauged.warnings, campaign.requirements, confirmed)
    order = Order(campaign.contractor, KIND, only_good_rows=True, actor=actor, chunk=CHUNK)
    campaign.operation = operating.begin(order, _rows(campaign), now=now)
    campaign.status, campaign.launched_at = Campaign.Status.LAUNCHED, now
    campaign.launched_by, campaign.confirmed_by = actor.plain(), confirmed.plain()
    campaign.first_mail_at, campaign.warnings = planned.first_mail_at, planned.gauged.warnings
    campaign.updated_at = campaign.settle_at = now
    campaign.save(
        update_fields=[
            "operation", "status", "launched_at", "launched_by", "confirmed_by", "first_mail_at",
            "warnings", "updated_at", "settle_at",
        ]
    )  # fmt: skip
    happening = Happening(Kind.CAMPAIGN_LAUNCHED, campaign.public_id)
    recording.record(campaign.contractor, [happening], actor=actor, now=now)
    bell.ring("assessments.launch")
    return campaign.operation


def claim(*, now: datetime) -> list[Operation]:
    """The launch that waits longest, or none."""
    return operating.claim([KIND], now=now)


def go_on(operation: Operation, *, now: datetime) -> None:
    """The next suppliers of what was claimed."""
    operating.go_on(operation, ask, now=now)


@transaction.atomic
def ask(operation: Operation, rows: Sequence[Row], now: datetime) -> list[Outcome]:
    """Ask these suppliers, but for who cannot be asked, and say what became of each."""
    found = Campaign.objects.select_related("contractor", "questionnaire")
    campaign = found.defer("questionnaire__content").get(operation=operation)
    suppliers = _suppliers(campaign, rows, now=now)
    asked = [row for row in rows if not suppliers[row["supplier"]].reason]
    actor = Actor(**operation.actor)
    moments = _moments(campaign, asked, now=now)
    requests = _requests(campaign, [suppliers[row["supplier"]] for row in asked], moments, now=now)
    _write(requests, now=now)
    kinds = (Kind.ASSESSMENT_REQUESTED, Kind.ASSESSMENT_INVITED)
    happened = [Happening(kind, each.public_id) for each in requests for kind in kinds]
    if happened:
        recording.record(campaign.contractor, happened, actor=actor, now=now)
    made = {each.supplier_id: each for each in requests}
    return [_outcome(row, suppliers[row["supplier"]], made) for row in rows]


def first_mail_at(campaign: Campaign, *, now: datetime) -> datetime:
    """Five minutes from now at the earliest, and in the hours of a business day."""
    if not campaign.at_once:
        return timetable.first_slot(now + UNDO)
    return timetable.open_at(now + UNDO, seed=0)


def _rows(campaign: Campaign) -> Any:
    """In the order in which they were added; of 100,000 no more than the ids are held."""
    place = Window(RowNumber(), order_by=F("pk").asc())
    rows = campaign.members.annotate(place=place).order_by("pk").values_list("place", "supplier_id")
    return ({"row": place, "supplier": supplier} for place, supplier in rows.iterator())


def _suppliers(campaign: Campaign, rows: Sequence[Row], *, now: datetime) -> dict[int, Any]:
    named = Supplier.objects.filter(pk__in=[row["supplier"] for row in rows])
    found = gauging.known(named, Wish.of(campaign), now=now)
    return {each.pk: each for each in found.annotate(first_contact=gauging.first_contact())}


def _moments(campaign: Campaign, rows: Sequence[Row], *, now: datetime) -> list[datetime]:
    """When the letters leave. A campaign that is launched late keeps its pace from then on."""
    assert campaign.first_mail_at
    first = max(campaign.first_mail_at, timetable.open_at(now, seed=0))
    places = (row["row"] - 1 for row in rows)
    return list(timetable.paced(first, places, per_minute=campaign.mails_per_minute))


def _requests(
    campaign: Campaign, suppliers: Sequence[Any], moments: Sequence[datetime], *, now: datetime
) -> list[Assessment]:
    """A supplier is invited when its letter leaves: reminders are counted from that day."""
    if not suppliers:
        return []
    alike = _alike(campaign, now=now)
    numbers = preparing.take_numbers(campaign.contractor, len(suppliers))
    warned = _warnings(campaign, suppliers, now=now)
    requests = [
        Assessment(
            supplier=supplier,
            contact_id=supplier.first_contact,
            number=number,
            invited_at=moment,
            warnings=warnings,
            **alike,
        )
        for supplier, number, moment, warnings in zip(
            suppliers, numbers, moments, warned, strict=True
        )
    ]
    for request in requests:
        request.remind_at = scheduling.following(request, after=now)
    copying.number(Assessment, requests)
    return requests


def _alike(campaign: Campaign, *, now: datetime) -> dict[str, Any]:
    contractor = campaign.contractor
    told = campaign.requirements.get("retention_months")
    return {
        "contractor": contractor,
        "campaign": campaign,
        "questionnaire": campaign.questionnaire,
        "profile_questionnaire": preparing.profile_for(campaign.questionnaire),
        "status": Status.INVITED,
        "due_on": campaign.due_on,
        "implement_by": campaign.implement_by,
        "message": campaign.message,
        "requirements": campaign.requirements,
        "requested_at": now,
        "sent_by": campaign.launched_by,
        "confirmed_by": campaign.confirmed_by,
        "answers_kept_months": told or contractor.answers_kept_months,
        "talks_kept_months": contractor.talks_kept_months,
    }


def _warnings(
    campaign: Campaign, suppliers: Sequence[Any], *, now: datetime
) -> list[list[dict[str, Any]]]:
    asked = Wish.of(campaign)
    peers = gauging.peers_again(campaign.warnings, asked)
    found = (gauging.facts(vars(each), asked, peers=peers, now=now) for each in suppliers)
    return [[each.plain for each in warning.warn(facts)] for facts in found]


def _write(requests: Sequence[Assessment], *, now: datetime) -> None:
    mails = [
        Mail(contractor=each.contractor, contact_id=each.contact_id, due_at=each.invited_at)
        for each in requests
    ]
    copying.number(Mail, mails)
    today = timezone.localdate(now)
    occasions = (
        Occasion(
            contractor=each.contractor,
            assessment=each,
            mail=mail,
            kind=Occasion.Kind.INVITATION,
            arose_on=today,
        )
        for each, mail in zip(requests, mails, strict=True)
    )
    copying.put(Assessment, requests, numbered=True)
    copying.put(Mail, mails, numbered=True)
    copying.put(Occasion, occasions)


def _outcome(row: Row, supplier: Any, made: dict[int, Assessment]) -> Outcome:
    number = row["row"]
    if request := made.get(supplier.pk):
        about = ["assessment", str(request.public_id)]
        return {"row": number, "status": ASKED, "subject": about, "errors": []}
    about, code = ["supplier", str(supplier.public_id)], supplier.reason
    error = {"row": number, "pointer": "/supplier", "code": code, "detail": REASONS[code]}
    return {"row": number, "status": UNASKED, "subject": about, "errors": [error]}
