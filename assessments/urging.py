"""The contractor has a clock too: 5 business days to its person, 10 to its admins.

`clock_at` holds the next moment: the sweep reads nothing else and costs what is due.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from assessments import timetable
from assessments.models import LIVING, Consultation, Notice
from contractors.actors import SYSTEM
from contractors.models import Contractor, User
from contractors.roles import Role
from events import bell, recording
from events.models import Kind
from events.recording import Happening

BATCH: Final = 500  # threads a transaction
Due = tuple[Consultation, Notice.Kind]


@transaction.atomic
def write_due(*, now: datetime, limit: int = BATCH) -> int:
    """Do what is due for at most `limit` threads and say for how many it was."""
    due = Consultation.objects.filter(clock_at__lte=now).order_by("clock_at")
    locked = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
    rows = list(locked.select_related("contractor", "assessment")[:limit])
    steps = [(row, step) for row in rows if (step := _take_step(row, now=now))]
    Consultation.objects.bulk_update(rows, ["clock_at", "unanswered_at"])
    _owe(steps, now=now)
    _record((row for row, step in steps if step is Notice.Kind.UNANSWERED), now=now)
    return len(rows)


def _take_step(thread: Consultation, *, now: datetime) -> Notice.Kind | None:
    """Set the next moment and say who is written to. What was slept through is not made up for."""
    thread.clock_at = None
    if thread.assessment.status not in LIVING:
        return None  # nobody can answer any more, nor is anything asked
    assert thread.waiting_since
    seed = thread.assessment.number
    last = timetable.later(thread.waiting_since, timetable.UNANSWERED_AFTER, seed=seed)
    if now < last:
        thread.clock_at = last
        return Notice.Kind.WAITING
    thread.unanswered_at = now
    return Notice.Kind.UNANSWERED


def _owe(steps: Sequence[Due], *, now: datetime) -> None:
    """In office hours: a person is to read it."""
    admins = _admins({row.contractor_id for row, step in steps if step is Notice.Kind.UNANSWERED})
    notices = [
        _notice(row, kind, person, now=now)
        for row, kind in steps
        for person in (admins[row.contractor_id] if kind is Notice.Kind.UNANSWERED else [None])
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if notices:
        bell.ring("assessments.send_notices")


def _notice(
    thread: Consultation, kind: Notice.Kind, person: User | None, *, now: datetime
) -> Notice:
    assert thread.waiting_since
    return Notice(
        contractor_id=thread.contractor_id,
        consultation=thread,
        person=person,
        kind=kind,
        waiting_since=thread.waiting_since,
        due_at=timetable.open_at(now, seed=thread.assessment.number),
    )


def _admins(contractors: Iterable[int]) -> dict[int, list[User | None]]:
    """Who keeps each tenant; where there is nobody, whoever reads the reply address."""
    found: dict[int, list[User | None]] = defaultdict(list)
    rows = User.objects.filter(contractor__in=contractors, role=Role.ADMIN, active=True)
    for user in rows.order_by("pk"):
        found[user.contractor_id].append(user)
    return {each: found[each] or [None] for each in contractors}


def _record(ignored: Iterable[Consultation], *, now: datetime) -> None:
    """Counters are the last locks, taken in the order of contractors, so that no two can cross."""
    happened: dict[Contractor, list[Happening]] = defaultdict(list)
    for row in ignored:
        detail = {"consultation": str(row.public_id), "kind": row.kind}
        happening = Happening(Kind.CONSULTATION_UNANSWERED, row.assessment.public_id, detail=detail)
        happened[row.contractor].append(happening)
    for contractor in sorted(happened, key=lambda each: each.pk):
        recording.record(contractor, happened[contractor], actor=SYSTEM, now=now)
