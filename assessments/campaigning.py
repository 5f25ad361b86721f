"""A campaign is drafted, its suppliers are chosen, and it is taken back."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from assessments.errors import WrongStatus
from assessments.locking import lock_campaign
from assessments.models import Campaign, CampaignSupplier
from contractors.actors import Actor
from contractors.models import Contractor
from events import bell, errors, operating, recording
from events.models import Kind
from events.recording import Happening
from questionnaires.models import Questionnaire
from suppliers.models import SupplierQuerySet

INSERT: Final = """
INSERT INTO assessments_campaignsupplier (contractor_id, campaign_id, supplier_id)
SELECT %s, %s, named.id FROM ({named}) AS named (id)
ON CONFLICT (campaign_id, supplier_id) DO NOTHING
"""


@dataclass(frozen=True)
class Draft:
    """What a contractor wants of many suppliers. `requirements` follow requirements.schema.json."""

    name: str
    questionnaire: Questionnaire
    due_on: date
    implement_by: date | None = None
    message: str = ""
    requirements: dict[str, Any] = field(default_factory=dict)
    schedule: dict[str, Any] = field(default_factory=dict)
    mails_per_minute: int = 100
    at_once: bool = False


@transaction.atomic
def create(
    contractor: Contractor, draft: Draft, suppliers: SupplierQuerySet | None, *, now: datetime
) -> Campaign:
    """Draft a campaign that is to ask these suppliers, as they are now; none is none as yet."""
    campaign = Campaign.objects.create(
        contractor=contractor, created_at=now, updated_at=now, **vars(draft)
    )
    if suppliers is not None:
        _add(campaign, suppliers)
    return campaign


@transaction.atomic
def change(campaign: Campaign, wanted: Mapping[str, Any], *, now: datetime) -> Campaign:
    campaign = _drafted(campaign)
    for name, value in wanted.items():
        setattr(campaign, name, value)
    campaign.updated_at = now
    campaign.save(update_fields=[*wanted, "updated_at"])
    return campaign


@transaction.atomic
def remove(campaign: Campaign) -> None:
    """Away with a draft; what was launched stays for ever."""
    _drafted(campaign).delete()


@transaction.atomic
def add(campaign: Campaign, suppliers: SupplierQuerySet, *, now: datetime) -> int:
    """How many were added; who is in it already stays once."""
    campaign = _drafted(campaign)
    _touch(campaign, now=now)
    return _add(campaign, suppliers)


@transaction.atomic
def leave_out(campaign: Campaign, suppliers: SupplierQuerySet, *, now: datetime) -> int:
    """How many of these were in it and are no more."""
    campaign = _drafted(campaign)
    _touch(campaign, now=now)
    named = suppliers.order_by().values("pk")
    gone = CampaignSupplier.objects.filter(campaign=campaign, supplier__in=named)
    return gone.delete()[0]


@transaction.atomic
def cancel(campaign: Campaign, *, reason: str, actor: Actor, now: datetime) -> Campaign:
    """Take back what is not answered: from now on no letter of it leaves.

    Within five minutes of its launch no supplier ever hears of it. The requests themselves are
    taken back by the workers.
    """
    campaign = lock_campaign(campaign)
    if campaign.status != Campaign.Status.LAUNCHED:
        raise WrongStatus(
            _("Only a launched campaign can be cancelled. A draft is deleted."),
            allowed=[Campaign.Status.LAUNCHED.value],
        )
    assert campaign.operation
    with suppress(errors.WrongStatus):  # all were asked by now
        operating.cancel(campaign.operation, now=now)
    campaign.status, campaign.closing_note = Campaign.Status.CANCELLED, reason
    campaign.ended_by = actor.plain()
    campaign.ended_at = campaign.updated_at = campaign.settle_at = now
    campaign.save(
        update_fields=[
            "status", "closing_note", "ended_by", "ended_at", "updated_at", "settle_at",
        ]
    )  # fmt: skip
    happening = Happening(Kind.CAMPAIGN_CANCELLED, campaign.public_id)
    recording.record(campaign.contractor, [happening], actor=actor, now=now)
    bell.ring("assessments.settle_campaigns")
    return campaign


def _drafted(campaign: Campaign) -> Campaign:
    held = lock_campaign(campaign)
    if held.status != Campaign.Status.DRAFT:
        raise WrongStatus(
            _("This campaign was launched. Only a draft can be changed."),
            allowed=[Campaign.Status.DRAFT.value],
        )
    return held


def _touch(campaign: Campaign, *, now: datetime) -> None:
    campaign.updated_at = now
    campaign.save(update_fields=["updated_at"])


def _add(campaign: Campaign, suppliers: SupplierQuerySet) -> int:
    """By one statement, whose rows never come to us."""
    named, parameters = suppliers.order_by("pk").values("pk").query.sql_with_params()
    statement = INSERT.format(named=named)
    with connection.cursor() as cursor:
        cursor.execute(statement, [campaign.contractor_id, campaign.pk, *parameters])
        return int(cursor.rowcount)
