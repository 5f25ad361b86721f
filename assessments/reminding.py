"""`remind_at` holds the next moment: the sweep reads nothing else and costs what is due."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments import announcing, scheduling, timetable
from assessments.models import AUTOMATIC, Assessment, Consultation, Mail, Occasion, Status
from assessments.steps import MOST_LETTERS, Code
from contractors.actors import SYSTEM
from contractors.models import Contractor
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers.models import Contact, Supplier

BATCH = 500  # rows a transaction
# While both sides talk, nobody is reminded and no day passes; who was ignored is left in peace.
TALKED_ABOUT = Consultation.objects.pausing().filter(assessment=OuterRef("pk"))
IGNORED = Consultation.objects.unanswered().filter(assessment__supplier=OuterRef("supplier"))
KEPT: Final = ("status", "remind_at", "escalated_at")
LETTERS = {
    Code.FIRST_REMINDER: Occasion.Kind.FIRST_REMINDER,
    Code.SECOND_REMINDER: Occasion.Kind.SECOND_REMINDER,
    Code.AFTER_DUE: Occasion.Kind.AFTER_DUE,
}


@transaction.atomic
def write_due(*, now: datetime, limit: int = BATCH) -> int:
    """Do what is due for at most `limit` requests and say for how many it was."""
    rows = _claim(now=now, limit=limit)
    steps = {row: _take_step(row, now=now) for row in rows}
    reminded = _owe([(row, step) for row, step in steps.items() if step in LETTERS], now=now)
    expired = [row for row, step in steps.items() if step is Code.EXPIRY]
    escalated = [row for row, step in steps.items() if step is Code.ESCALATION]
    _keep(rows)
    announcing.escalate(escalated, now=now)
    _record(
        {
            Kind.ASSESSMENT_REMINDED: reminded,
            Kind.ASSESSMENT_ESCALATED: escalated,
            Kind.ASSESSMENT_EXPIRED: expired,
        },
        now=now,
    )
    return len(rows)


def _claim(*, now: datetime, limit: int) -> list[Assessment]:
    due = Assessment.objects.filter(~Exists(TALKED_ABOUT), ~Exists(IGNORED), remind_at__lte=now)
    due = due.order_by("remind_at")
    locked = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return list(locked.select_related("contractor", "contact", "supplier", "campaign")[:limit])


def _take_step(assessment: Assessment, *, now: datetime) -> Code | None:
    """Set the next moment and say what is to be done at this one."""
    step = scheduling.due_step(assessment, now=now)
    if step is Code.EXPIRY:
        assessment.move_to(Status.EXPIRED)
        assessment.remind_at = None
        return step
    if not timetable.is_open(now):
        assessment.remind_at = timetable.next_opening(now, seed=assessment.number)
        return None
    assessment.remind_at = scheduling.following(assessment, after=now)
    if step is Code.ESCALATION:
        return _escalate(assessment, now=now)
    return step if _reachable(assessment) else None


def _escalate(assessment: Assessment, *, now: datetime) -> Code | None:
    """Once a due day. Whom no mail reaches is called all the more."""
    archived = assessment.supplier.status == Supplier.Status.ARCHIVED
    if archived or assessment.escalated_at is not None:
        return None
    assessment.escalated_at = now
    return Code.ESCALATION


def _keep(rows: Iterable[Assessment]) -> None:
    """One statement for each next moment: a day's are few, and each row would be slower alone."""
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        alike[tuple(getattr(row, name) for name in KEPT)].append(row.pk)
    for values, keys in alike.items():
        changed = dict(zip(KEPT, values, strict=True))
        Assessment.objects.filter(pk__in=keys).update(**changed)


def _reachable(assessment: Assessment) -> bool:
    asked = assessment.supplier.status == Supplier.Status.ACTIVE
    return asked and assessment.contact.status == Contact.Status.ACTIVE


def _owe(letters: Sequence[tuple[Assessment, Code]], *, now: datetime) -> list[Assessment]:
    """One letter for each reason and day, however often the clock strikes."""
    today = timezone.localdate(now)
    known, counts = _written([each for each, _ in letters], today=today)
    fresh = [
        (each, LETTERS[step])
        for each, step in letters
        if (each.pk, LETTERS[step]) not in known and counts[each.pk] < MOST_LETTERS
    ]
    mails = Mail.objects.bulk_create(
        Mail(
            contractor_id=each.contractor_id,
            contact=each.contact,
            due_at=timetable.gathered(now, seed=each.contact_id),
        )
        for each, _ in fresh
    )
    Occasion.objects.bulk_create(
        Occasion(
            contractor_id=each.contractor_id,
            assessment=each,
            mail=mail,
            kind=kind,
            arose_on=today,
        )
        for (each, kind), mail in zip(fresh, mails, strict=True)
    )
    return [each for each, _ in fresh]


def _written(
    assessments: Sequence[Assessment], *, today: date
) -> tuple[set[tuple[int, str]], Counter[int]]:
    """What arose today, and how many letters nobody asked for the present contact has of each."""
    addresses = {each.pk: each.contact.email.lower() for each in assessments}
    rows = Occasion.objects.filter(assessment__in=assessments, kind__in=AUTOMATIC)
    told = rows.values_list("assessment_id", "kind", "arose_on", "mail__contact__email", "left_out")
    known, counts = set(), Counter[int]()
    for key, kind, arose_on, address, left_out in told:
        assert key is not None
        if arose_on == today:
            known.add((key, kind))
        counts[key] += address.lower() == addresses[key] and not left_out
    return known, counts


def _record(done: Mapping[Kind, Iterable[Assessment]], *, now: datetime) -> None:
    """Counters are the last locks, taken in the order of contractors, so that no two can cross."""
    happened: dict[Contractor, list[Happening]] = defaultdict(list)
    for kind, rows in done.items():
        for each in rows:
            happened[each.contractor].append(Happening(kind, each.public_id))
    for contractor in sorted(happened, key=lambda each: each.pk):
        recording.record(contractor, happened[contractor], actor=SYSTEM, now=now)
