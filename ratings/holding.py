"""What a supplier holds on a day in Japan, as a rating looks at it."""

from datetime import date

from ratings.facts import Certification
from suppliers.models import Certification as Row
from suppliers.models import State, Supplier


def held(supplier: Supplier, *, day: date) -> tuple[Certification, ...]:
    """With the status that holds on the day. What was taken back is not looked at any more."""
    rows = Row.objects.filter(supplier=supplier).exclude(state=State.WITHDRAWN)
    return tuple(
        Certification(
            scheme=row.scheme,
            status=row.status,  # type: ignore[attr-defined]  # annotated by as_of
            scope_covers=row.scope_covers,
            has_document=row.has_document,  # type: ignore[attr-defined]  # by with_proof
            points=row.points or 0,
            reference=str(row.public_id),
        )
        for row in rows.as_of(day).with_proof().order_by("pk")
    )
