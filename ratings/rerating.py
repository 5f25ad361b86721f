"""Something beside the answers changed: the last rating is made again from its answers.

`rating_due_at` on the supplier is what is owed. It is claimed by moving it ahead, and cleared in
the transaction that rates; every change of a supplier's certificates holds the same row, so none is
missed.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from contractors.actors import SYSTEM
from events import recording
from events.models import Kind
from events.owed import LEASE
from events.recording import Happening
from ratings import holding, rating
from ratings.facts import Facts
from ratings.models import Rating
from suppliers import days
from suppliers.models import Supplier

CLAIM: Final = 100  # suppliers a worker takes at once
DAYS: Final = ("as_of", "answered_on")


def claim(*, now: datetime, limit: int = CLAIM) -> list[Supplier]:
    """Move the due time first: whoever moves it rates, and a crash only costs a wait."""
    with transaction.atomic():
        due = Supplier.objects.filter(rating_due_at__lte=now).order_by("rating_due_at")
        locked = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
        rows = list(locked[:limit])
        taken = Supplier.objects.filter(pk__in=[row.pk for row in rows])
        taken.update(rating_due_at=now + LEASE)
    return rows


@transaction.atomic
def rerate(supplier: Supplier, *, now: datetime) -> Rating | None:
    """Rate again what changed. None where nothing did, or nothing was ever answered."""
    locked = Supplier.objects.select_for_update(no_key=True, of=("self",))
    supplier = locked.select_related("contractor").get(pk=supplier.pk)
    if supplier.rating_due_at is None:
        return None  # somebody else did it meanwhile
    supplier.rating_due_at = None
    supplier.save(update_fields=["rating_due_at"])
    last = Rating.objects.filter(supplier=supplier).order_by("-pk").first()
    if last is None:
        return None
    facts = _today(Facts.from_plain(last.inputs), supplier, now=now)
    if _without_days(facts.plain) == _without_days(last.inputs):
        return None
    return _store(supplier, facts, last, now=now)


def _today(facts: Facts, supplier: Supplier, *, now: datetime) -> Facts:
    today = days.in_japan(now)
    return replace(
        facts,
        handles_personal_data=supplier.handles_personal_data,
        exposure=rating.exposure(supplier),
        certifications=holding.held(supplier, day=today),
        as_of=today,
    )


def _without_days(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if name not in DAYS}


def _store(supplier: Supplier, facts: Facts, last: Rating, *, now: datetime) -> Rating:
    before = (supplier.standing_level, supplier.standing_grade, supplier.standing_score)
    diagnosed = last.result["self_diagnosis"]
    row, _changed = rating.store(supplier, facts, self_diagnosis=diagnosed, now=now)
    if before != (row.level, row.grade, row.score):
        levels = {"old_level": before[0] or None, "new_level": row.level}
        happening = Happening(Kind.RATING_CHANGED, supplier.public_id, ["standing"], levels)
        recording.record(supplier.contractor, [happening], actor=SYSTEM, now=now)
    return row
