"""A campaign comes to its end: completed once all its requests ended, or taken back in batches.

`settle_at` holds the next moment to look: the sweep reads nothing else and costs what is due.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from assessments import announcing, inviting, owing
from assessments.models import (
    COPIES,
    OPEN,
    Assessment,
    Campaign,
    Consultation,
    Link,
    Mail,
    Occasion,
    Status,
)
from assessments.reasons import Reason
from contractors.actors import SYSTEM, Actor
from events import recording
from events.models import Kind
from events.recording import Happening

BATCH: Final = 1000  # requests a transaction
AGAIN: Final = timedelta(minutes=10)  # until it is seen whether a campaign has come to its end
ANSWERED_BY_THEN: Final = timedelta(days=1)  # until talks that nobody answered are seen again
GOING: Final = frozenset({Status.INVITED, Status.STARTED, Status.SUBMITTED, Status.RETURNED})


@transaction.atomic
def settle_next(*, now: datetime) -> bool:
    """See to the campaign that waits longest; says whether there was one."""
    rows = Campaign.objects.filter(settle_at__lte=now).order_by("settle_at")
    held = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    campaign = held.select_related("contractor", "operation").first()
    if campaign is None:
        return False
    if campaign.status == Campaign.Status.CANCELLED:
        campaign.settle_at = _take_back(campaign, now=now)
        campaign.save(update_fields=["settle_at"])
    elif _goes_on(campaign):
        campaign.settle_at = now + AGAIN
        campaign.save(update_fields=["settle_at"])
    else:
        _complete(campaign, now=now)
    return True


def _goes_on(campaign: Campaign) -> bool:
    assert campaign.operation
    if campaign.operation.closed_at is None:
        return True
    return Assessment.objects.filter(campaign=campaign, status__in=GOING).exists()


def _complete(campaign: Campaign, *, now: datetime) -> None:
    campaign.status, campaign.settle_at = Campaign.Status.COMPLETED, None
    campaign.ended_at, campaign.ended_by = now, SYSTEM.plain()
    campaign.save(update_fields=["status", "settle_at", "ended_at", "ended_by"])
    announcing.close(campaign, now=now)
    happening = Happening(Kind.CAMPAIGN_COMPLETED, campaign.public_id)
    recording.record(campaign.contractor, [happening], actor=SYSTEM, now=now)


def _take_back(campaign: Campaign, *, now: datetime) -> datetime | None:
    """The next requests that were not answered; gives back when to go on, None when all are."""
    left = Assessment.objects.filter(campaign=campaign, status__in=OPEN, erased_at=None)
    rows = left.exclude(_waits_for_a_word()).order_by("pk")
    rows = rows.select_for_update(no_key=True, of=("self",))
    requests = dict(rows.values_list("pk", "public_id")[:BATCH])
    if not requests:
        return now + ANSWERED_BY_THEN if left.exists() else None
    assert campaign.ended_by
    actor = Actor(**campaign.ended_by)
    _close(campaign, list(requests), now=now)
    happened = [Happening(Kind.ASSESSMENT_CANCELLED, each) for each in requests.values()]
    recording.record(campaign.contractor, happened, actor=actor, now=now)
    return now


def _waits_for_a_word() -> Q:
    """Nobody answered in talks, or the answer has yet to leave."""
    own = Consultation.objects.unanswered().filter(assessment=OuterRef("pk"))
    answer = Occasion.objects.filter(
        assessment=OuterRef("pk"),
        kind=Occasion.Kind.CONSULTATION,
        left_out="",
        mail__closed_at=None,
    )
    return Q(Exists(own)) | Q(Exists(answer))


def _close(campaign: Campaign, requests: list[int], *, now: datetime) -> None:
    Assessment.objects.filter(pk__in=requests).update(
        status=Status.CANCELLED,
        remind_at=None,
        closing_note=campaign.closing_note,
        decided_at=now,
        decided_by=campaign.ended_by,
    )
    Link.objects.filter(assessment__in=requests, revoked_at=None).update(revoked_at=now)
    inviting.close_confirmations(requests, now=now)
    told = owing.written_to(requests)
    about = Occasion.objects.filter(assessment__in=requests).exclude(kind__in=COPIES)
    others = Occasion.objects.filter(mail=OuterRef("pk")).exclude(assessment__in=requests)
    owed = Mail.objects.filter(pk__in=about.values("mail"), closed_at=None)
    about.filter(mail__closed_at=None).update(left_out=Reason.CANCELLED)
    owed.exclude(Exists(others)).update(closed_at=now, due_at=None, outcome="dropped")
    owing.apologise(told, now=now)
