"""One letter each business morning to a contractor that has something to do, and none without.

What is missed is not made up for later in the day: the next morning tells all.
"""

from datetime import datetime, time
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Exists, OuterRef, Q

from assessments import agenda, timetable
from assessments.models import Notice
from contractors.models import Contractor
from events import bell
from suppliers import days

BATCH: Final = 500  # contractors a transaction
BEGINS, ENDS = time(8, 30), time(9, 30)


def write_due(*, now: datetime, limit: int = BATCH) -> int:
    """Owe this morning's letters to at most `limit` contractors and say to how many."""
    today, there = days.in_japan(now), now.astimezone(timetable.TOKYO).time()
    if not (timetable.is_business_day(today) and BEGINS <= there < ENDS):
        return 0
    told = Notice.objects.filter(contractor=OuterRef("pk"), kind=Notice.Kind.DIGEST, day=today)
    waiting = [rows.filter(contractor=OuterRef("pk")) for rows in agenda.of_day(today).values()]
    busy = reduce(or_, (Q(Exists(rows)) for rows in waiting))
    contractors = Contractor.objects.filter(busy, ~Exists(told)).exclude(reply_to="")
    notices = [
        Notice(contractor_id=pk, kind=Notice.Kind.DIGEST, day=today, due_at=now)
        for pk in contractors.order_by("pk").values_list("pk", flat=True)[:limit]
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if notices:
        bell.ring("assessments.send_notices")
    return len(notices)
