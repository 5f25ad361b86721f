"""Door of the workers: what the days do to certifications, what evidence and imports are owed."""

from celery import shared_task
from django.utils import timezone

from contractors import clock
from events import bell
from events.owed import CLAIM
from suppliers import lapsing
from suppliers.evidence import sweeping
from suppliers.importing import beginning, retracing


@shared_task(name="suppliers.watch_certifications")
def watch_certifications(now: str | None = None) -> bool:
    """Whether something was due, so that more may be."""
    watched = lapsing.watch(now=clock.read(now))
    return bell.ring_if(watched > 0, "suppliers.watch_certifications")


@shared_task(name="suppliers.scan_evidence")
def scan_evidence(now: str | None = None) -> bool:
    """Whether more is due than one claim takes."""
    moment = clock.read(now)
    claimed = sweeping.owed_scans(now=moment)
    sweeping.scan(claimed, now=moment)
    return bell.ring_if(len(claimed) == CLAIM, "suppliers.scan_evidence")


@shared_task(name="suppliers.sweep_evidence")
def sweep_evidence(now: str | None = None) -> bool:
    """Whether more is left behind than one run removes."""
    # Never the time of a moved clock: a file may be stored at this moment, without a row as yet.
    sweeping.drop_orphans(now=timezone.now())
    more = sweeping.discard(now=clock.read(now))
    return bell.ring_if(more, "suppliers.sweep_evidence")


@shared_task(name="suppliers.import_rows")
def import_rows(now: str | None = None) -> bool:
    """Whether another turn may find rows that wait."""
    moment = clock.read(now)
    claimed = beginning.claim(now=moment)
    for operation in claimed:
        beginning.go_on(operation, now=moment)
    return bell.ring_if(bool(claimed), "suppliers.import_rows")


@shared_task(name="suppliers.forget_imports")
def forget_imports(now: str | None = None) -> bool:
    """Whether more can be undone no longer than one run forgets."""
    return bell.ring_if(retracing.forget(now=clock.read(now)), "suppliers.forget_imports")
