"""A certificate ends with a day in Japan. The clock foretells it, and says when it came.

`watch_at` holds the next moment: the sweep reads nothing else and costs what is due. Whether a
certificate counts is never decided here: every query computes that from the day.
"""

from collections import defaultdict
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from contractors.actors import SYSTEM
from contractors.models import Contractor
from events import bell, recording
from events.models import Kind
from events.recording import Happening
from suppliers import owing
from suppliers.certificates import Step
from suppliers.models import Certification, CertificationStep, Supplier

BATCH: Final = 200  # suppliers a transaction
KINDS: Final = {
    Step.EXPIRING: Kind.CERTIFICATION_EXPIRING,
    Step.RECONFIRM: Kind.CERTIFICATION_EXPIRING,  # what lapses is our knowledge of it
    Step.EXPIRED: Kind.CERTIFICATION_EXPIRED,
}
LETTER: Final = ("watch_at", "letter", "letter_due_at")


@transaction.atomic
def watch(*, now: datetime, limit: int = BATCH) -> int:
    """Do what is due for at most `limit` suppliers and say for how many it was: 0 ends it."""
    suppliers = _claim(now=now, limit=limit)
    due = _due(suppliers, now=now)
    steps = {row: _take_step(row, now=now) for row in due}
    Certification.objects.bulk_update(due, LETTER)
    taken = {row: step for row, step in steps.items() if step}
    _keep(taken, now=now)
    ended = {row.supplier for row, step in taken.items() if step is Step.EXPIRED}
    if ended:
        owing.owe_rating(ended, now=now)
    if taken:
        bell.ring("assessments.notify_holders")
    _record(taken, now=now)
    return len({row.supplier_id for row in due})  # another clock may have been faster


def _claim(*, now: datetime, limit: int) -> list[Supplier]:
    """Suppliers are locked first, as every act does, so that no two can cross."""
    due = Certification.objects.filter(supplier=OuterRef("pk"), watch_at__lte=now)
    rows = Supplier.objects.filter(Exists(due)).order_by("pk")
    locked = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return list(locked.select_related("contractor")[:limit])


def _due(suppliers: list[Supplier], *, now: datetime) -> list[Certification]:
    by_pk = {supplier.pk: supplier for supplier in suppliers}
    rows = Certification.objects.with_follower().filter(watch_at__lte=now)
    due = list(rows.filter(supplier__in=suppliers).order_by("pk"))
    for row in due:
        row.supplier = by_pk[row.supplier_id]
    return due


def _take_step(row: Certification, *, now: datetime) -> Step | None:
    """Set the next moment, say what is to be done at this one, and owe a letter about it.

    Nobody is written to about a certificate whose renewal is here, and its end is not foretold.
    """
    step, followed = row.due_step(now=now), row.followed  # type: ignore[attr-defined]  # annotated
    row.watch_at = row.next_watch(after=now)
    if followed and step is Step.EXPIRING:
        return None
    if step and not followed:
        row.letter, row.letter_due_at = step.value, now
    return step


def _keep(taken: dict[Certification, Step], *, now: datetime) -> None:
    CertificationStep.objects.bulk_create(
        CertificationStep(
            contractor_id=row.contractor_id,
            certification=row,
            act=KINDS[step].value.rpartition(".")[2],
            at=now,
            actor=SYSTEM.plain(),
            detail=_detail(row, step),
        )
        for row, step in taken.items()
    )


def _record(taken: dict[Certification, Step], *, now: datetime) -> None:
    """Counters are the last locks, taken in the order of contractors."""
    happened: dict[Contractor, list[Happening]] = defaultdict(list)
    for row, step in taken.items():
        happening = Happening(KINDS[step], row.public_id, detail=_detail(row, step))
        happened[row.supplier.contractor].append(happening)
    for contractor in sorted(happened, key=lambda each: each.pk):
        recording.record(contractor, happened[contractor], actor=SYSTEM, now=now)


def _detail(row: Certification, step: Step) -> dict[str, str]:
    day = row.reconfirm_on if step is Step.RECONFIRM else row.last_day()
    return {"scheme": row.scheme, "step": step.value, "day": str(day)}
