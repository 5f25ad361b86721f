"""The supplier replies to what was asked back, before it hands in again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from assessments import answering
from assessments.models import Assessment, Clarification


@transaction.atomic
def reply(assessment: Assessment, replies: Mapping[int, str], *, now: datetime) -> None:
    """Keep replies by the number of the item; an empty one takes a reply back."""
    assessment = answering.lock_open(assessment)
    rows = Clarification.objects.filter(assessment=assessment, number__in=replies).unresolved()
    changed = [row for row in rows if row.reply != replies[row.number]]
    for row in changed:
        row.reply = replies[row.number]
        row.replied_at = now if row.reply else None
    Clarification.objects.bulk_update(changed, ["reply", "replied_at"])
