"""Door of the workers: claim what is due, tell it, ring if more remains."""

from celery import shared_task

from contractors import clock
from events import bell, delivering
from events.models import Delivery, Endpoint
from events.owed import CLAIM


@shared_task(name="events.deliver")
def deliver(now: str | None = None) -> bool:
    """Whether more is due than one claim takes."""
    moment = clock.read(now)
    listening = Delivery.objects.filter(endpoint__status=Endpoint.Status.ENABLED)
    claimed = listening.select_related("event", "endpoint").claim(now=moment)
    delivering.deliver(claimed, now=moment)
    return bell.ring_if(len(claimed) == CLAIM, "events.deliver")
