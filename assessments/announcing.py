"""The contractor's person hears at once when a supplier opens a thread, writes in one, agrees or
ends it; in office hours of who is to be phoned because nothing came by mail; and of a campaign that
has ended.

Of a thread's beginning there is one letter, of what follows one a day at most; nothing is lost by
that, for a letter tells where all is read and is put off to the next working morning.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max
from django.utils import timezone

from assessments import timetable
from assessments.models import Assessment, Campaign, Consultation, Notice
from events import bell
from suppliers import days

Kind = Notice.Kind
TELLING: Final = (Kind.OPENED, Kind.WRITTEN)


def announce(thread: Consultation, kind: Notice.Kind, *, now: datetime) -> None:
    """Owe the letter. The caller holds the request's row, and the supplier waits."""
    assert thread.waiting_since
    pending = thread.notices.filter(kind__in=TELLING, closed_at=None)
    if pending.update(waiting_since=thread.waiting_since):
        return  # it has yet to leave
    due_at = now if kind == Kind.OPENED else _due(thread, now=now)
    Notice.objects.create(
        contractor_id=thread.contractor_id,
        consultation=thread,
        kind=kind,
        waiting_since=thread.waiting_since,
        day=timezone.localdate(due_at) if kind == Kind.WRITTEN else None,
        due_at=due_at,
    )
    bell.ring("assessments.send_notices")


def settle(thread: Consultation, *, now: datetime) -> None:
    """Owe the letter that the supplier agreed, or ended the thread. The caller holds the request's
    row. What was still to be told of the thread is told by it.
    """
    Notice.objects.create(
        contractor_id=thread.contractor_id, consultation=thread, kind=Kind.SETTLED, due_at=now
    )
    bell.ring("assessments.send_notices")


def escalate(assessments: Iterable[Assessment], *, now: datetime) -> None:
    """Owe word that somebody is to be phoned: once for a request and due day, however often this
    is called. It waits for what comes up with it. The caller holds the requests' rows.
    """
    notices = [
        Notice(
            contractor_id=each.contractor_id,
            assessment=each,
            kind=Kind.PHONE,
            day=each.due_on,
            due_at=timetable.open_at(now + timetable.GATHERING, seed=each.contractor_id),
        )
        for each in assessments
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if notices:
        bell.ring("assessments.send_notices")


def close(campaign: Campaign, *, now: datetime) -> None:
    """Owe the letter that a campaign has come to its end: one, however often this is called."""
    notice = Notice(
        contractor_id=campaign.contractor_id,
        campaign=campaign,
        kind=Kind.CLOSED,
        due_at=timetable.open_at(now, seed=campaign.pk),
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    bell.ring("assessments.send_notices")


def _due(thread: Consultation, *, now: datetime) -> datetime:
    """Now, or on the next working morning after the day that had its letter."""
    told_on = thread.notices.filter(kind=Kind.WRITTEN).aggregate(last=Max("day"))["last"]
    if told_on is None or told_on < timezone.localdate(now):
        return now
    morning = days.begins_at(told_on + timedelta(days=1))
    return timetable.next_opening(morning, seed=thread.assessment.number)
