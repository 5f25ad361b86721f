"""Door of the workers: rate again what is due, ring if more remains."""

from celery import shared_task

from contractors import clock
from events import bell
from ratings import rerating


@shared_task(name="ratings.rerate")
def rerate(now: str | None = None) -> bool:
    """Whether more is due than one batch takes."""
    rated = rerating.rerate(now=clock.read(now))
    return bell.ring_if(rated == rerating.BATCH, "ratings.rerate")
