"""What is owed, kind by kind: the rows behind `/metrics` and behind "late" in `/readyz`."""

from datetime import datetime
from typing import Any, Final

from assessments.models import Mail, Notice
from events.models import Delivery, Endpoint, Freeze, Operation, Worker
from events.owed import OwedQuerySet
from suppliers.models import EvidenceScan

KINDS: Final = ("mail", "notice", "delivery", "operation", "scan")


def rows() -> dict[str, OwedQuerySet[Any]]:
    """All of each kind; what a switched-off endpoint is owed waits for nobody."""
    return {
        "mail": Mail.objects.all(),
        "notice": Notice.objects.all(),
        "delivery": Delivery.objects.filter(endpoint__status=Endpoint.Status.ENABLED),
        "operation": Operation.objects.all(),
        "scan": EvidenceScan.objects.all(),
    }


def oldest_due(*, now: datetime) -> float:
    """How many seconds the row waits that waits longest, of what the workers are to do at once."""
    waiting = [
        each.oldest(now=now)
        for kind, each in rows().items()
        if kind != "scan"  # waits for as long as there is no scanner
    ]
    return max(((now - since).total_seconds() for since in waiting if since), default=0.0)


def is_frozen() -> bool:
    return Freeze.objects.exists()


def last_seen() -> datetime | None:
    """When some worker last took a canary out of the queue."""
    return Worker.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
