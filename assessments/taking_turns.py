"""A letter nobody waits for leaves in office hours, and a person gets one of them a day.

A person is an address of a contractor, whichever supplier it stands at. What comes up on the same
day goes into one letter; what comes up after it has left waits for the next business day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from assessments import pacing, timetable
from assessments.models import ABOUT_CERTIFICATES, COMBINED, REMINDERS, UNDO, Mail, Occasion
from suppliers import days
from suppliers.models import Contact

TIMED: Final = Q(kind__in=[*REMINDERS, *ABOUT_CERTIFICATES]) | Q(
    kind=Occasion.Kind.INVITATION, assessment__campaign__isnull=False
)
COUNTED: Final = TIMED | Q(kind=Occasion.Kind.INVITATION)  # asked alone, it leaves at any hour
IN_HOURS: Final = TIMED | Q(kind=Occasion.Kind.CANCELLED)  # though on whichever day


class Turns(NamedTuple):
    """Those of a claim that may leave now, in its order, and which letters keep office hours."""

    going: list[Mail]
    bound: set[int]


def take(mails: Sequence[Mail], *, now: datetime) -> Turns:
    """The others are postponed, or what they say leaves with another."""
    about = Occasion.objects.filter(COUNTED | IN_HOURS, mail__in=mails)
    told = about.annotate(timed=ExpressionWrapper(TIMED, BooleanField()))
    rows = list(told.values_list("mail", "kind", "timed", "assessment__campaign"))
    paced = {campaign for _, kind, _, campaign in rows if campaign and kind in pacing.PACED}
    pacing.keep(paced, now=now)
    daily = {mail for mail, _, timed, _ in rows if timed}
    bound = daily | {mail for mail, kind, *_ in rows if kind == Occasion.Kind.CANCELLED}
    leaving = {mail.pk for mail in mails} - bound
    if bound and timetable.is_open(now):
        leaving |= bound - daily
        leaving |= _take_the_day([mail for mail in mails if mail.pk in daily], now=now)
    else:
        wait([mail for mail in mails if mail.pk in bound], now=now)
    _count({mail for mail, *_ in rows if mail not in bound}, now=now)
    return Turns([mail for mail in mails if mail.pk in leaving], bound)


@transaction.atomic
def _take_the_day(mails: Sequence[Mail], *, now: datetime) -> set[int]:
    """While all rows of these people are held: of two letters to one of them, one is the first."""
    if not mails:
        return set()
    day = _Day(mails, now=now)
    taken = {mail.pk for mail in mails if day.take(mail)}
    day.write()
    return taken


class _Day:
    """The letters of today to some people, and what becomes of each that is claimed."""

    def __init__(self, mails: Sequence[Mail], *, now: datetime) -> None:
        self.now, self.today = now, days.in_japan(now)
        self.ends = days.begins_at(self.today) + timetable.DAY
        self.contacts = _lock_people(mails)
        self.letters = self._letters({mail.pk for mail in mails})
        self.counted: list[int] = []
        self.waiting: list[Mail] = []
        self.gathered: dict[int, list[int]] = {}

    def take(self, mail: Mail) -> bool:
        """Whether it leaves. What is to be written down of it is kept until `write`."""
        contact = self.contacts.get(mail.contact_id)
        letters = self.letters[contact.person()] if contact else {}
        mine = letters.get(mail.pk)
        if contact is None or mine is None or mine.attempt != mail.attempt:
            return False  # another letter of the same moment says it
        if contact.status != Contact.Status.ACTIVE:
            return True  # nothing leaves: neither does it take the day nor what others may say
        if any(each.counted_on == self.today for each in letters.values() if each is not mine):
            self.waiting.append(mail)
            return False
        if mine.counted_on is None:  # not yet left, it can still say more
            self._gather(mine, letters)
        mine.counted_on = self.today
        self.counted.append(mail.pk)
        return True

    def write(self) -> None:
        for leader, others in self.gathered.items():
            Occasion.objects.filter(mail__in=others).update(mail=leader)
            closed = Mail.objects.filter(pk__in=others)
            closed.update(closed_at=self.now, due_at=None, outcome=COMBINED)
        _count(self.counted, now=self.now)
        wait(self.waiting, now=self.now)

    def _letters(self, claimed: set[int]) -> Mapping[tuple[int, str], dict[int, Mail]]:
        """Those that left today or have yet to, of each person by their keys."""
        timed = Occasion.objects.filter(TIMED, mail=OuterRef("pk"))
        timed = timed.exclude(assessment__campaign__launched_at__gt=self.now - UNDO)
        left = Q(counted_on=self.today) & ~Q(outcome="dropped")
        waits = Q(counted_on=None) | Q(pk__in=claimed)
        rows = Mail.objects.filter(left | (waits & Q(closed_at=None)), contact__in=self.contacts)
        found: dict[tuple[int, str], dict[int, Mail]] = defaultdict(dict)
        for row in rows.annotate(timed=Exists(timed)).order_by("pk"):
            found[self.contacts[row.contact_id].person()][row.pk] = row
        return found

    def _gather(self, mine: Mail, letters: dict[int, Mail]) -> None:
        """Whatever else comes up today. Who has claimed it finds it closed when its turn comes."""
        others = [key for key, each in letters.items() if each is not mine and self._comes_up(each)]
        for key in others:
            del letters[key]
        if others:
            self.gathered[mine.pk] = others

    def _comes_up(self, letter: Any) -> bool:
        soon = letter.due_at is not None and letter.due_at < self.ends
        return soon and letter.timed and letter.counted_on is None


def _lock_people(mails: Iterable[Mail]) -> dict[int, Contact]:
    """Hold all rows of these people, by their keys."""
    rows = Contact.objects.of_people(mail.contact for mail in mails).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(no_key=True)}


def _count(mails: Iterable[int], *, now: datetime) -> None:
    """These are the letters of today, unless somebody else has closed them by now."""
    if keys := list(mails):
        open_ones = Mail.objects.filter(pk__in=keys, closed_at=None)
        open_ones.update(counted_on=days.in_japan(now))


def wait(mails: Iterable[Mail], *, now: datetime) -> None:
    """Until the letters of the next business day."""
    for mail in mails:
        until = timetable.next_sending(now, seed=mail.contact_id)
        Mail.objects.postpone(mail, until=until)
