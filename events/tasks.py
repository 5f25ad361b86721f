"""Door of the workers: claim what is due, tell it, ring if more remains."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from contractors import clock
from events import bell, delivering
from events.models import Delivery, Endpoint, Worker
from events.owed import CLAIM


@shared_task(name="events.deliver")
def deliver(now: str | None = None) -> bool:
    """Whether more is due than one claim takes."""
    moment = clock.read(now)
    listening = Delivery.objects.filter(endpoint__status=Endpoint.Status.ENABLED)
    claimed = listening.select_related("event", "endpoint").claim(now=moment)
    delivering.deliver(claimed, now=moment)
    return bell.ring_if(len(claimed) == CLAIM, "events.deliver")


@shared_task(name="events.sing", bind=True)
def sing(task: Any, now: str | None = None) -> bool:  # noqa: ARG001  # never a moved clock's
    """The canary of the queue: whoever takes it out works, and not only lives."""
    if task.request.hostname and not task.request.called_directly:
        Worker.objects.note(task.request.hostname, now=timezone.now())
    return False
