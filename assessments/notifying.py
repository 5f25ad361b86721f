"""Holders of certificates are written to: before the last day, after it, and yearly.

`suppliers.lapsing` says what is owed; here it becomes a letter, in business hours, to a person.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from assessments import timetable, watching
from assessments.models import Mail, Occasion
from suppliers import days
from suppliers.certificates import Step
from suppliers.models import Certification

BATCH: Final = 100  # certificates a transaction
MOST: Final = 3  # letters about the end of one certificate
Kind = Occasion.Kind
KINDS: Final = {
    Step.EXPIRING.value: Kind.CERTIFICATE_EXPIRING,
    Step.EXPIRED.value: Kind.CERTIFICATE_EXPIRED,
    Step.RECONFIRM.value: Kind.CERTIFICATE_CONFIRM,
}


@transaction.atomic
def write_due(*, now: datetime, limit: int = BATCH) -> int:
    """Write the letters that are due for at most `limit` certificates; says for how many."""
    due = Certification.objects.filter(letter_due_at__lte=now).order_by("letter_due_at")
    locked = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
    rows = list(locked.select_related("contractor", "supplier")[:limit])
    for row in rows:
        row.letter_due_at = timetable.next_writing(now)
        if row.letter_due_at == now:
            _owe(row, now=now)
            row.letter, row.letter_due_at = "", None
    Certification.objects.bulk_update(rows, ["letter", "letter_due_at"])
    return len(rows)


def _owe(row: Certification, *, now: datetime) -> None:
    kind, today = KINDS[row.letter], days.in_japan(now)
    contact = watching.recipient(row.supplier)
    if contact is None or not watching.still_true(row, kind, today=today):
        return
    if _written_enough(row, kind):
        return
    mail = Mail.objects.create(
        contractor=row.contractor, contact=contact, due_at=timetable.gathered(now, seed=contact.pk)
    )
    Occasion.objects.create(
        contractor=row.contractor, certification=row, mail=mail, kind=kind, arose_on=today
    )


def _written_enough(row: Certification, kind: Occasion.Kind) -> bool:
    """A declaration has no end: its letters come once a year by their own clock."""
    if kind is Kind.CERTIFICATE_CONFIRM:
        return False
    about_the_end = [Kind.CERTIFICATE_EXPIRING, Kind.CERTIFICATE_EXPIRED]
    return Occasion.objects.filter(certification=row, kind__in=about_the_end).count() >= MOST
