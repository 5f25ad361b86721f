"""Door of the workers: claim what is due, rate each again, ring if more remains."""

from celery import shared_task

from contractors import clock
from events import bell
from ratings import rerating


@shared_task(name="ratings.rerate")
def rerate(now: str | None = None) -> bool:
    """Whether more is due than one claim takes."""
    claimed = rerating.claim(now=clock.read(now))
    for supplier in claimed:
        rerating.rerate(supplier, now=clock.read(now))
    return bell.ring_if(len(claimed) == rerating.CLAIM, "ratings.rerate")
