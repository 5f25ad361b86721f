"""What a rating looks at has changed: the supplier's rating is due, and the workers are woken."""

from collections.abc import Collection
from datetime import datetime

from events import bell
from suppliers.models import Supplier


def owe_rating(suppliers: Collection[Supplier], *, now: datetime) -> None:
    """The caller holds the suppliers' rows. A rating that is due already stays due."""
    rows = Supplier.objects.filter(pk__in=[supplier.pk for supplier in suppliers])
    rows.update(rating_due_at=now)
    bell.ring("ratings.rerate")
