"""What suppliers hold on a day in Japan, as a rating looks at it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from ratings.facts import Certification
from suppliers.models import Certification as Row
from suppliers.models import State, Supplier

Held = Mapping[int, tuple[Certification, ...]]  # by the supplier's primary key


def held(suppliers: Collection[Supplier], *, day: date) -> Held:
    """With the status that holds on the day. What was taken back is not looked at any more."""
    rows = Row.objects.filter(supplier__in=suppliers).exclude(state=State.WITHDRAWN)
    found: dict[int, list[Certification]] = defaultdict(list)
    for row in rows.as_of(day).with_proof().order_by("pk"):
        found[row.supplier_id].append(_seen(row))
    return {supplier.pk: tuple(found[supplier.pk]) for supplier in suppliers}


def _seen(row: Row) -> Certification:
    return Certification(
        scheme=row.scheme,
        status=row.status,  # type: ignore[attr-defined]  # annotated by as_of
        scope_covers=row.scope_covers,
        has_document=row.has_document,  # type: ignore[attr-defined]  # by with_proof
        points=row.points or 0,
        reference=str(row.public_id),
    )
