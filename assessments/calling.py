"""Whom one letter asks to phone: what waits at one contractor goes into one letter, not each into
its own. After the due day of a campaign many suppliers are silent on the same morning.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from assessments.models import COMBINED, WAITING, Assessment, Consultation, Notice

MOST: Final = 20  # calls that one letter tells in full; the work list has all


@transaction.atomic
def take(notice: Notice, *, now: datetime) -> bool:
    """Whether this letter leaves. All others of its contractor that wait are told in it, unless it
    was tried before: what may have arrived says the same again.
    """
    waiting = Notice.objects.filter(
        contractor=notice.contractor_id, kind=Notice.Kind.PHONE, closed_at=None
    )
    told = waiting.filter(Q(told_in=None) | Q(pk=notice.pk)).order_by("pk")
    locked = list(told.select_for_update(no_key=True).only("pk", "attempt", "told_in"))
    mine = next((row for row in locked if row.pk == notice.pk), None)
    if mine is None or mine.attempt != notice.attempt or mine.told_in_id not in (None, notice.pk):
        return False
    if mine.told_in_id is None:
        _gather(notice, [row.pk for row in locked], now=now)
    return True


def to_phone(notice: Notice) -> QuerySet[Assessment]:
    """Those told in a letter that was taken: answered, extended or talked about is none of them."""
    silent = Assessment.objects.filter(
        notices__told_in=notice, due_on=F("notices__day"), status__in=WAITING
    )
    return silent.exclude(consultations__in=Consultation.objects.pausing())


def _gather(notice: Notice, keys: list[int], *, now: datetime) -> None:
    rows = Notice.objects.filter(pk__in=keys)
    rows.update(told_in=notice)
    rows.exclude(pk=notice.pk).update(closed_at=now, due_at=None, outcome=COMBINED)
