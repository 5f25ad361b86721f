"""What became of the requests of the last twelve months. Months are months in Japan."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Avg, Count, Q
from django.db.models.functions import TruncMonth

from assessments.analysing import selecting
from assessments.models import OPEN, Assessment, Status, Submission
from contractors.models import Contractor
from suppliers import days
from suppliers.days import JAPAN

MONTHS: Final = 12  # the current one is the last
REACHED: Final = (
    "asked", "invited", "started", "submitted", "accepted", "returned", "declined", "expired",
    "overdue", "cancelled",
)  # fmt: skip


def responses(contractor: Contractor, wanted: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """How far requests came, in all and by the month they were made; and what was handed in."""
    months = _months(today)
    asked = _asked(contractor, wanted, since=months[0], today=today)
    handed_in = _handed_in(contractor, wanted, since=months[0])
    nothing = dict.fromkeys(REACHED, 0)
    none = {"handed_in": 0, "mean_score": None}
    trend = [
        {"month": f"{month:%Y-%m}"} | asked.get(month, nothing) | handed_in.get(month, none)
        for month in months
    ]
    funnel = {name: sum(row[name] for row in trend) for name in REACHED}
    return {"funnel": {"since": months[0]} | funnel, "trend": trend}


def _months(today: date) -> list[date]:
    """Their first days, the oldest first."""
    last = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - MONTHS + 1, last + 1)]


def _asked(
    contractor: Contractor, wanted: Mapping[str, Any], *, since: date, today: date
) -> dict[date, dict[str, int]]:
    rows = Assessment.objects.of(contractor).filter(requested_at__gte=days.begins_at(since))
    rows = rows.filter(selecting.suppliers(contractor, wanted, of="supplier__")).exclude(
        status=Status.DRAFT
    )
    if "campaign" in wanted:
        rows = rows.filter(campaign=wanted["campaign"])
    by_month = rows.order_by().values(month=TruncMonth("requested_at", tzinfo=JAPAN))
    return _by_month(by_month.annotate(**_stages(today)))


def _stages(today: date) -> dict[str, Count]:
    """A request that was taken back counts there only."""
    going = ~Q(status=Status.CANCELLED)
    conditions = {
        "asked": Q(),
        "invited": Q(invited_at__isnull=False),
        "started": Q(started_at__isnull=False),
        "submitted": Q(submitted_at__isnull=False),
        "accepted": Q(status=Status.ACCEPTED),
        "returned": Q(status=Status.RETURNED),
        "declined": Q(status=Status.DECLINED),
        "expired": Q(status=Status.EXPIRED),
        "overdue": Q(status__in=OPEN, due_on__lt=today),
    }
    stages = {name: Count("pk", filter=going & met) for name, met in conditions.items()}
    return stages | {"cancelled": Count("pk", filter=~going)}


def _handed_in(
    contractor: Contractor, wanted: Mapping[str, Any], *, since: date
) -> dict[date, dict[str, Any]]:
    rows = Submission.objects.of(contractor).filter(
        assessment__contractor=contractor, submitted_at__gte=days.begins_at(since)
    )
    rows = rows.filter(
        selecting.suppliers(contractor, wanted, of="assessment__supplier__")
    ).order_by()
    if "campaign" in wanted:
        rows = rows.filter(assessment__campaign=wanted["campaign"])
    by_month = rows.values(month=TruncMonth("submitted_at", tzinfo=JAPAN))
    counted = by_month.annotate(handed_in=Count("pk"), mean_score=Avg("rating__score"))
    return _by_month(counted)


def _by_month(rows: Iterable[Any]) -> dict[date, dict[str, Any]]:
    return {row.pop("month").date(): row for row in rows}
