"""A letter nobody waits for leaves in office hours, and a person gets one of them a day.

A person is an address of a contractor, whichever supplier it stands at. What comes up on the same
day goes into one letter; what comes up after it has left waits for the next business day.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from assessments import timetable
from assessments.models import ABOUT_CERTIFICATES, COMBINED, REMINDERS, Mail, Occasion
from suppliers import days
from suppliers.models import Contact

TIMED: Final = Q(kind__in=[*REMINDERS, *ABOUT_CERTIFICATES]) | Q(
    kind=Occasion.Kind.INVITATION, assessment__campaign__isnull=False
)
COUNTED: Final = TIMED | Q(kind=Occasion.Kind.INVITATION)  # asked alone, it leaves at any hour


def take(mail: Mail, *, now: datetime) -> bool:
    """Whether it may leave now. If not, it is postponed, or what it says leaves with another."""
    told = Occasion.objects.filter(mail=mail)
    if not told.filter(TIMED).exists():
        if told.filter(COUNTED).exists():
            Mail.objects.still_claimed(mail).update(counted_on=days.in_japan(now))
        return True
    if not timetable.is_open(now):
        _wait(mail, now=now)
        return False
    return _take_the_day(mail, now=now)


@transaction.atomic
def _take_the_day(mail: Mail, *, now: datetime) -> bool:
    today = days.in_japan(now)
    contacts = lock_person(mail.contact)
    if contacts.get(mail.contact_id) != Contact.Status.ACTIVE:
        return True  # nothing leaves: neither does it take the day nor what others may still say
    letters = Mail.objects.filter(contact__in=list(contacts))
    found = _counted(mail, letters, today=today)
    if not found["claimed"]:
        return False  # another letter of the same moment says it
    if found["left"]:
        _wait(mail, now=now)
        return False
    if mail.counted_on is None and found["waiting"]:  # not yet left, it can still say more
        _gather(mail, letters.exclude(pk=mail.pk), today=today, now=now)
    mail.counted_on = today
    Mail.objects.still_claimed(mail).update(counted_on=today)
    return True


def lock_person(contact: Contact) -> dict[int, str]:
    """Hold all rows of the same person, so that of two letters one is the first; their statuses."""
    rows = Contact.objects.of_person(contact).order_by("pk").select_for_update(no_key=True)
    return dict(rows.values_list("pk", "status"))


def _counted(mail: Mail, letters: QuerySet[Mail], *, today: date) -> dict[str, int]:
    """Of the letters to this person: whether this one is still ours, and which others there are."""
    others = ~Q(pk=mail.pk)
    return letters.aggregate(
        claimed=Count("pk", filter=Q(pk=mail.pk, attempt=mail.attempt, closed_at=None)),
        left=Count("pk", filter=others & Q(counted_on=today) & ~Q(outcome="dropped")),
        waiting=Count("pk", filter=others & Q(closed_at=None, counted_on=None)),
    )


def _gather(mail: Mail, mine: QuerySet[Mail], *, today: date, now: datetime) -> None:
    """Whatever else comes up today. Who has claimed it finds it closed when its turn comes."""
    timed = Occasion.objects.filter(TIMED, mail=OuterRef("pk"))
    waiting = mine.filter(Exists(timed), closed_at=None, counted_on=None)
    ends = days.begins_at(today) + timetable.DAY
    others = list(waiting.filter(due_at__lt=ends).values_list("pk", flat=True))
    if others:
        Occasion.objects.filter(mail__in=others).update(mail=mail)
        closed = Mail.objects.filter(pk__in=others)
        closed.update(closed_at=now, due_at=None, outcome=COMBINED)


def _wait(mail: Mail, *, now: datetime) -> None:
    Mail.objects.postpone(mail, until=timetable.next_sending(now, seed=mail.contact_id))
