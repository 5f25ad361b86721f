"""Door of the workers: claim what is due, tell it, ring if more remains."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from events import bell, delivering, turning
from events.models import Delivery, Endpoint, Worker


@shared_task(name="events.deliver")
def deliver(now: str | None = None) -> bool:
    """Whether more is due than one claim takes."""
    listening = Delivery.objects.filter(endpoint__status=Endpoint.Status.ENABLED)
    rows = listening.select_related("event", "endpoint")
    return bell.ring_if(turning.take(rows, delivering.begin, now=now), "events.deliver")


@shared_task(name="events.sing", bind=True)
def sing(task: Any, now: str | None = None) -> bool:  # noqa: ARG001  # never a moved clock's
    """The canary of the queue: whoever takes it out works, and not only lives."""
    if task.request.hostname and not task.request.called_directly:
        Worker.objects.note(task.request.hostname, now=timezone.now())
    return False
