"""Holders of certificates are written to: before the last day, after it, and yearly.

`suppliers.lapsing` says what is owed; here it becomes a letter, in business hours, to a person.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from assessments import timetable, watching
from assessments.models import Mail, Occasion
from suppliers import days
from suppliers.certificates import Step
from suppliers.models import Certification, Contact

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
    followed = Certification.objects.living().filter(follows=OuterRef("pk"))
    due = Certification.objects.filter(letter_due_at__lte=now).annotate(followed=Exists(followed))
    locked = due.order_by("letter_due_at").select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )
    rows = list(locked[:limit])
    writing = timetable.next_writing(now)
    if writing == now:
        _owe(rows, now=now)
    for row in rows:
        row.letter_due_at = None if writing == now else writing
        row.letter = "" if writing == now else row.letter
    Certification.objects.bulk_update(rows, ["letter", "letter_due_at"])
    return len(rows)


def _owe(rows: Sequence[Certification], *, now: datetime) -> None:
    """One letter each and a day, to who is there to read it, where it still says something."""
    today = days.in_japan(now)
    contacts = watching.recipients({row.supplier_id for row in rows})
    written, known = _written([row.pk for row in rows]), _known(rows, today=today)
    told = [
        row
        for row in rows
        if row.supplier_id in contacts
        and not row.followed  # type: ignore[attr-defined]  # annotated
        and watching.holds(row, KINDS[row.letter], today=today)
        and written.get(row.pk, 0) < MOST
        and (row.pk, KINDS[row.letter]) not in known
    ]
    mails = Mail.objects.bulk_create(_mail(contacts[row.supplier_id], now=now) for row in told)
    Occasion.objects.bulk_create(
        Occasion(
            contractor_id=row.contractor_id,
            certification=row,
            mail=mail,
            kind=KINDS[row.letter],
            arose_on=today,
        )
        for row, mail in zip(told, mails, strict=True)
    )


def _mail(contact: Contact, *, now: datetime) -> Mail:
    due_at = timetable.gathered(now, seed=contact.pk)
    return Mail(contractor_id=contact.contractor_id, contact=contact, due_at=due_at)


def _known(rows: Sequence[Certification], *, today: date) -> set[tuple[int | None, str]]:
    """What was written today, so that a letter that is owed again stops no other one."""
    told = Occasion.objects.filter(certification__in=rows, arose_on=today)
    return set(told.values_list("certification_id", "kind"))


def _written(certifications: Sequence[int]) -> dict[int, int]:
    """How many letters about the end of each there were. A declaration has no end: its letters
    come once a year by their own clock.
    """
    about_the_end = [Kind.CERTIFICATE_EXPIRING, Kind.CERTIFICATE_EXPIRED]
    rows = Occasion.objects.filter(certification__in=certifications, kind__in=about_the_end)
    counted = rows.values("certification").annotate(count=Count("pk"))
    return {row["certification"]: row["count"] for row in counted}
