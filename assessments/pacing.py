"""The letters of a campaign keep its pace also when they are late: after an outage, on the morning
after a closing, or as apologies for all of it at once.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from assessments import timetable
from assessments.models import Campaign, Mail, Occasion

PACED: Final = (Occasion.Kind.INVITATION, Occasion.Kind.CANCELLED)
SPREAD: Final = """
UPDATE assessments_mail SET due_at = moments.due_at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS moments (id, due_at)
WHERE assessments_mail.id = moments.id AND assessments_mail.due_at <= %s
"""  # not what somebody has claimed or spread meanwhile


def keep(campaigns: Collection[int], *, now: datetime) -> None:
    """Where more of one is due by now than it sends in a minute, its letters leave one by one from
    now on, as if it had been launched for them.
    """
    for campaign in Campaign.objects.filter(pk__in=campaigns) if campaigns else ():
        due = _due(campaign, now=now)[: campaign.mails_per_minute + 1]
        if len(due) > campaign.mails_per_minute:
            _spread(campaign, now=now)


def _due(campaign: Campaign, *, now: datetime) -> QuerySet[Mail, int]:
    about = Occasion.objects.filter(
        mail=OuterRef("pk"), assessment__campaign=campaign, kind__in=PACED, left_out=""
    )
    waiting = Mail.objects.filter(Exists(about), due_at__lte=now, failures=0)
    return waiting.order_by("due_at", "pk").values_list("pk", flat=True)


@transaction.atomic
def _spread(campaign: Campaign, *, now: datetime) -> None:
    """By whoever is first, for all: two would wait for each other's letters."""
    held = Campaign.objects.select_for_update(skip_locked=True, no_key=True)
    if held.filter(pk=campaign.pk).first() is None:
        return
    mails = list(_due(campaign, now=now))
    first = timetable.open_at(now, seed=0)
    moments = timetable.paced(first, range(1, len(mails) + 1), per_minute=campaign.mails_per_minute)
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, [mails, list(moments), now])
