"""How far the requests of campaigns came: counted in one statement, exact at any moment."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from assessments.models import OPEN, Campaign, CampaignSupplier, Status
from suppliers.models import Contact


def counts(campaigns: Collection[Campaign], *, today: date) -> dict[int, dict[str, int]]:
    """By primary key. Who was asked and taken back counts as `cancelled` and nowhere else."""
    pks = [campaign.pk for campaign in campaigns]
    rows = Campaign.objects.filter(pk__in=pks).order_by().values("pk")
    # The launch and its requests are read by the same statement, so that they fit each other.
    found = rows.annotate(
        rows=F("operation__total"), ended=F("operation__counts"), **_stages(today)
    )
    drafts = [campaign.pk for campaign in campaigns if campaign.launched_at is None]
    chosen = CampaignSupplier.objects.filter(campaign__in=drafts).order_by().values("campaign")
    totals = dict(chosen.values_list("campaign").annotate(Count("pk")))
    return {row["pk"]: _told(row, totals.get(row["pk"], 0)) for row in found}


def _told(row: Mapping[str, Any], chosen: int) -> dict[str, int]:
    ended = row["ended"] or {}
    total = chosen if row["rows"] is None else row["rows"]
    return {
        "total": total,
        "waiting": total - sum(ended.values()),
        "unasked": ended.get("unasked", 0) + ended.get("not_done", 0),
        **{name: row[name] for name in _stages(date.min)},
    }


def _stages(today: date) -> dict[str, Count]:
    going = ~Q(assessments__status=Status.CANCELLED)
    conditions = {
        "invited": Q(assessments__isnull=False),
        "started": Q(assessments__started_at__isnull=False),
        "submitted": Q(assessments__submitted_at__isnull=False),
        "accepted": Q(assessments__status=Status.ACCEPTED),
        "returned": Q(assessments__status=Status.RETURNED),
        "declined": Q(assessments__status=Status.DECLINED),
        "expired": Q(assessments__status=Status.EXPIRED),
        "overdue": Q(assessments__status__in=OPEN, assessments__due_on__lt=today),
        "bounced": Q(
            assessments__status__in=OPEN,
            assessments__contact__status=Contact.Status.BOUNCED,
        ),
    }
    stages = {name: Count("assessments", filter=going & met) for name, met in conditions.items()}
    return stages | {"cancelled": Count("assessments", filter=~going)}
