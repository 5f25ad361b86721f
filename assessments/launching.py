"""A campaign asks all its suppliers: launched by a person or system, done chunk by chunk.

A chunk is one transaction with as many statements however many suppliers it holds: a request, a
letter that is owed for its moment, and two events for each. Who cannot be asked is left out and
named in the result. Nothing leaves for five minutes, in which a campaign is taken back unheard.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import gauging, preparing, scheduling, timetable, warning
from assessments.errors import DueTooEarly, NobodyToAsk, WrongStatus
from assessments.gauging import REASONS, Gauged, Wish
from assessments.locking import lock_campaign
from assessments.models import UNDO, Assessment, Campaign, Mail, Occasion, Status
from assessments.preparing import Confirmed
from contractors import copying
from contractors.actors import Actor
from contractors.ids import new_id
from events import bell, operating, recording
from events.models import Kind, Operation
from events.operating import LAUNCH, Order, Outcome, Row
from events.recording import Happening
from suppliers import days
from suppliers.models import Supplier

CHUNK: Final = 500  # suppliers a transaction: two events each
ASKED, UNASKED = "asked", "unasked"
KNOWN: Final = ("pk", "public_id", "first_contact", "reason", *gauging.FACTS)  # of a supplier


@dataclass(frozen=True)
class Plan:
    """What a launch at this moment would do."""

    first_mail_at: datetime
    last_mail_at: datetime
    gauged: Gauged


def plan(campaign: Campaign, *, now: datetime) -> Plan:
    """Refuses what a first launch would refuse, but for the confirmation of a person."""
    _check_draft(campaign)
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
    planned = plan(campaign, now=now)
    preparing.check_confirmed(planned.gauged.warnings, campaign.requirements, confirmed)
    order = Order(campaign.contractor, LAUNCH, only_good_rows=True, actor=actor, chunk=CHUNK)
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


def _check_draft(campaign: Campaign) -> None:
    if campaign.status != Campaign.Status.DRAFT:
        raise WrongStatus(_("Only a draft can be launched."), allowed=[Campaign.Status.DRAFT.value])


def claim(*, now: datetime) -> list[Operation]:
    """The launch that waits longest, or none."""
    return operating.claim([LAUNCH], now=now)


def go_on(operation: Operation, *, now: datetime) -> None:
    """The next suppliers of what was claimed."""
    operating.go_on(operation, ask, now=now)


@transaction.atomic
def ask(operation: Operation, rows: Sequence[Row], now: datetime) -> list[Outcome]:
    """Ask these suppliers, but for who cannot be asked, and say what became of each."""
    found = Campaign.objects.select_related("contractor", "questionnaire")
    campaign = found.defer("questionnaire__content").get(operation=operation)
    suppliers = _suppliers(campaign, rows, now=now)
    asked = [row for row in rows if not suppliers[row["supplier"]]["reason"]]
    requests = [new_id() for _ in asked]
    if asked:
        moments = _moments(campaign, asked, now=now)
        _write(campaign, requests, [suppliers[row["supplier"]] for row in asked], moments, now=now)
        kinds = (Kind.ASSESSMENT_REQUESTED, Kind.ASSESSMENT_INVITED)
        happened = [Happening(kind, each) for each in requests for kind in kinds]
        recording.record(campaign.contractor, happened, actor=Actor(**operation.actor), now=now)
    made = dict(zip((row["row"] for row in asked), requests, strict=True))
    return [_outcome(row["row"], suppliers[row["supplier"]], made) for row in rows]


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


def _suppliers(
    campaign: Campaign, rows: Sequence[Row], *, now: datetime
) -> dict[int, dict[str, Any]]:
    named = Supplier.objects.filter(pk__in=[row["supplier"] for row in rows]).order_by()
    known = gauging.known(named, Wish.of(campaign), now=now)
    found = known.annotate(first_contact=gauging.first_contact()).values(*KNOWN)
    return {each["pk"]: each for each in found}


def _moments(campaign: Campaign, rows: Sequence[Row], *, now: datetime) -> list[datetime]:
    """When the letters leave. A campaign that is launched late keeps its pace from then on."""
    assert campaign.first_mail_at
    first = max(campaign.first_mail_at, timetable.open_at(now, seed=0))
    places = (row["row"] - 1 for row in rows)
    return list(timetable.paced(first, places, per_minute=campaign.mails_per_minute))


def _write(
    campaign: Campaign,
    requests: Sequence[UUID],
    suppliers: Sequence[Mapping[str, Any]],
    moments: Sequence[datetime],
    *,
    now: datetime,
) -> None:
    """A supplier is invited when its letter leaves: reminders are counted from that day."""
    contractor, count = campaign.contractor, len(requests)
    alike, contacts = _alike(campaign, now=now), [each["first_contact"] for each in suppliers]
    assessments, mails = copying.keys(Assessment, count), copying.keys(Mail, count)
    copying.put_alike(
        alike,
        id=assessments,
        public_id=requests,
        supplier_id=[each["pk"] for each in suppliers],
        contact_id=contacts,
        number=preparing.take_numbers(contractor, count),
        invited_at=moments,
        remind_at=_reminders(alike, moments, now=now),
        warnings=_warnings(campaign, suppliers, now=now),
    )
    letters = [new_id() for _ in mails]
    letter = Mail(contractor=contractor)
    copying.put_alike(letter, id=mails, message_id=letters, contact_id=contacts, due_at=moments)
    kind, today = Occasion.Kind.INVITATION, timezone.localdate(now)
    why = Occasion(contractor=contractor, kind=kind, arose_on=today)
    copying.put_alike(why, assessment_id=assessments, mail_id=mails)


def _alike(campaign: Campaign, *, now: datetime) -> Assessment:
    """What all of them are asked."""
    contractor = campaign.contractor
    told = campaign.requirements.get("retention_months")
    return Assessment(
        contractor=contractor,
        campaign=campaign,
        questionnaire=campaign.questionnaire,
        profile_questionnaire=preparing.profile_for(campaign.questionnaire),
        status=Status.INVITED,
        due_on=campaign.due_on,
        implement_by=campaign.implement_by,
        message=campaign.message,
        requirements=campaign.requirements,
        requested_at=now,
        sent_by=campaign.launched_by,
        confirmed_by=campaign.confirmed_by,
        answers_kept_months=told or contractor.answers_kept_months,
        talks_kept_months=contractor.talks_kept_months,
    )


def _reminders(
    alike: Assessment, moments: Sequence[datetime], *, now: datetime
) -> list[datetime | None]:
    """Who is invited on the same day is reminded at the same moment."""
    schedule = scheduling.schedule_of(alike)
    invited_on = [days.in_japan(moment) for moment in moments]
    following = {
        day: schedule.following(invited_at=moment, due_on=alike.due_on, after=now)
        for day, moment in dict(zip(invited_on, moments, strict=True)).items()
    }
    return [following[day] for day in invited_on]


def _warnings(
    campaign: Campaign, suppliers: Sequence[Mapping[str, Any]], *, now: datetime
) -> list[list[dict[str, Any]]]:
    """Of whom the same is known, the same is told."""
    asked = Wish.of(campaign)
    peers = gauging.peers_again(campaign.warnings, asked)
    kinds = [tuple(each[name] for name in gauging.FACTS) for each in suppliers]
    told = {}
    for kind, each in zip(kinds, suppliers, strict=True):
        if kind not in told:
            facts = gauging.facts(each, asked, peers=peers, now=now)
            told[kind] = [each.plain for each in warning.warn(facts)]
    return [told[kind] for kind in kinds]


def _outcome(number: int, supplier: Mapping[str, Any], made: Mapping[int, UUID]) -> Outcome:
    if number in made:
        about = ["assessment", str(made[number])]
        return {"row": number, "status": ASKED, "subject": about, "errors": []}
    about, code = ["supplier", str(supplier["public_id"])], supplier["reason"]
    error = {"row": number, "pointer": "/supplier", "code": code, "detail": REASONS[code]}
    return {"row": number, "status": UNASKED, "subject": about, "errors": [error]}
