"""Door of the workers: claim what is due, call one function for each, ring if more remains."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from assessments import (
    alerting,
    digesting,
    launching,
    mailing,
    notifying,
    reminding,
    settling,
    urging,
)
from assessments.models import Mail, Notice
from contractors import clock
from events import bell, turning


@shared_task(name="assessments.send_mail")
def send_mail(now: str | None = None) -> bool:
    """Whether more is due than one claim takes."""
    more = turning.take(Mail.objects.select_related("contact"), mailing.begin, now=now)
    return bell.ring_if(more, "assessments.send_mail")


@shared_task(name="assessments.launch")
def launch(now: str | None = None) -> bool:
    """Whether another turn may find suppliers that wait to be asked."""
    moment = clock.read(now)
    claimed = launching.claim(now=moment)
    for operation in claimed:
        launching.go_on(operation, now=moment)
    return bell.ring_if(bool(claimed), "assessments.launch")


@shared_task(name="assessments.settle_campaigns")
def settle_campaigns(now: str | None = None) -> bool:
    """Whether another campaign, or more of the same, may be due."""
    settled = settling.settle_next(now=clock.read(now))
    return bell.ring_if(settled, "assessments.settle_campaigns")


@shared_task(name="assessments.remind")
def remind(now: str | None = None) -> bool:
    """Whether more is due than one batch takes."""
    written = reminding.write_due(now=clock.read(now))
    return bell.ring_if(written == reminding.BATCH, "assessments.remind")


@shared_task(name="assessments.notify_holders")
def notify_holders(now: str | None = None) -> bool:
    """Whether more is due than one batch takes."""
    written = notifying.write_due(now=clock.read(now))
    return bell.ring_if(written == notifying.BATCH, "assessments.notify_holders")


@shared_task(name="assessments.urge")
def urge(now: str | None = None) -> bool:
    """Whether more is due than one batch takes."""
    written = urging.write_due(now=clock.read(now))
    return bell.ring_if(written == urging.BATCH, "assessments.urge")


@shared_task(name="assessments.send_notices")
def send_notices(now: str | None = None) -> bool:
    """Whether more is due than one claim takes."""
    rows = Notice.objects.select_related("person", "contractor")
    more = turning.take(rows, turning.singly(alerting.send), now=now)
    return bell.ring_if(more, "assessments.send_notices")


@shared_task(name="assessments.tell_the_day")
def tell_the_day(now: str | None = None) -> bool:
    """Whether more is due than one batch takes."""
    written = digesting.write_due(now=clock.read(now))
    return bell.ring_if(written == digesting.BATCH, "assessments.tell_the_day")


@shared_task(name="assessments.forget_sessions")
def forget_sessions(now: str | None = None) -> bool:  # noqa: ARG001  # sessions end by the real clock
    """Browsers that were not used for 24 hours; nothing is left to do after one run."""
    SessionStore.clear_expired()
    return False
