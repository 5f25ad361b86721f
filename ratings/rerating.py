"""Something beside the answers changed, or a day came: what is due is summed again from its facts.

`rating_due_at` on the supplier is what is owed, and the next moment that a day changes a result. A
batch is one transaction on rows that nobody else holds: a kill rolls it back, and they stay due.
Every change of a supplier's certificates holds the same row, so none is missed.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from contractors import copying
from contractors.actors import SYSTEM
from contractors.models import Contractor
from events import bell, recording
from events.models import Kind
from events.recording import Happening
from ratings import policy, rating, standing
from ratings.models import Rating
from ratings.policy import Policy
from ratings.standing import Basis
from suppliers import days
from suppliers.models import Supplier

BATCH: Final = 500  # suppliers a transaction
READ: Final = (  # of a supplier
    "public_id", "contractor_id", "handles_personal_data",
    *(f"exposure_{name}" for name in Supplier.EXPOSURE), *standing.COLUMNS,
)  # fmt: skip

Standing = tuple[str, str, object]


@transaction.atomic
def rerate(*, now: datetime, limit: int = BATCH) -> int:
    """Rate again what is due of at most `limit` suppliers and say for how many it was.

    Nothing is stored where nothing came to something else, or nothing was ever answered.
    """
    suppliers = _claim(now=now, limit=limit)
    if not suppliers:
        return 0
    standard = policy.standard()
    before = [_standing(each) for each in suppliers]
    bases = standing.of(suppliers, day=days.in_japan(now), policy=standard)
    copying.put(  # PostgreSQL stores one while the next is summed
        Rating,
        (
            row
            for supplier, found in zip(suppliers, bases, strict=True)
            for row in _rows(supplier, found, standard, now=now)
        ),
    )
    standing.write(suppliers)
    _tell(zip(suppliers, before, strict=True), now=now)
    return len(suppliers)


@transaction.atomic
def owe(contractor: Contractor, *, now: datetime) -> int:
    """The policy of a contractor has changed: all that was rated is due. Says how many."""
    rated = Supplier.objects.of(contractor).exclude(standing_level="")
    due = rated.update(rating_due_at=now)
    bell.ring("ratings.rerate")
    return due


def _claim(*, now: datetime, limit: int) -> list[Supplier]:
    due = Supplier.objects.filter(rating_due_at__lte=now).order_by("rating_due_at")
    return list(due.select_for_update(skip_locked=True, no_key=True).only(*READ)[:limit])


def _rows(
    supplier: Supplier, bases: list[Basis], standard: Policy, *, now: datetime
) -> list[Rating]:
    """What is to be stored; the supplier's row is set to stand there, and to the next moment.

    Where one basis changed, all are made again: their order says which are still alive.
    """
    supplier.rating_due_at = standing.due_at(bases, standard)
    cause = next((basis.cause for basis in bases if basis.cause), None)
    if cause is None:
        return []
    bases = [replace(basis, cause=basis.cause or cause) for basis in bases]
    chosen = standing.chosen(bases)
    rating.stand(supplier, chosen, as_of=now)
    return [
        rating.make(supplier, basis, standard, stands=basis is chosen, now=now) for basis in bases
    ]


def _standing(supplier: Supplier) -> Standing:
    return supplier.standing_level, supplier.standing_grade, supplier.standing_score


def _tell(settled: Iterable[tuple[Supplier, Standing]], *, now: datetime) -> None:
    """Of whose standing is another than before. Counters are the last locks, taken in the order
    of contractors.
    """
    happened: dict[int, list[Happening]] = defaultdict(list)
    for supplier, before in settled:
        if _standing(supplier) == before:
            continue
        levels = {"old_level": before[0] or None, "new_level": supplier.standing_level}
        happening = Happening(Kind.RATING_CHANGED, supplier.public_id, ["standing"], levels)
        happened[supplier.contractor_id].append(happening)
    for contractor in Contractor.objects.filter(pk__in=happened).order_by("pk"):
        recording.record(contractor, happened[contractor.pk], actor=SYSTEM, now=now)
