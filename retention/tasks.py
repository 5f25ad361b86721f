"""Door of the workers: what is kept no longer is erased at night."""

import structlog
from celery import shared_task

from contractors import clock
from events import bell
from retention import erasing

log = structlog.get_logger("retention")


@shared_task(name="retention.erase")
def erase(now: str | None = None) -> bool:
    """Whether something was due, so that more may be. A worker without the role says so."""
    if not erasing.is_possible():
        log.error("nothing is erased: DATABASE_ERASER_URL is not set")
        return False
    done = erasing.erase_due(now=clock.read(now))
    log.info("erased", **{rule.value: count for rule, count in done.items() if count})
    return bell.ring_if(any(done.values()), "retention.erase")
