"""Memory stays flat: what web server and worker hold after ten times as much work as before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Final

from assessments.models import Assessment, Mail, Occasion
from assessments.reminding import BATCH
from benchmarks import listing, processes, sweeping
from benchmarks.laboratory import Laboratory, Site
from benchmarks.plan import PAGE_SIZE
from benchmarks.processes import Running
from benchmarks.reporting import Line
from benchmarks.timing import Figure
from config.celery import app
from events.owed import CLAIM

AIM: Final = 1.1
TIMES: Final = 10
PATIENCE: Final = 120.0  # seconds
LATER: Final = timedelta(minutes=45)  # by then the letters of a day are due
SECOND: Final = Occasion.Kind.SECOND_REMINDER
LISTS: Final = (listing.SUPPLIERS, listing.ASSESSMENTS, listing.WORK)


def measure(lab: Laboratory) -> list[Line]:
    """Fresh processes: what was measured before may have made others as large as they get."""
    with processes.web(lab.large.database) as web:
        site, count = replace(lab.large, web=web), lab.plan.requests
        served = _grown(web, f"web server, {count:,} requests", lambda: _fetch(site, count))
    with lab.large.database.used(), processes.worker(lab.large.database) as worker:
        app.control.purge()
        named = f"worker, {lab.plan.due:,} reminders"
        sent = _grown(worker, named, lambda: _remind(lab, worker))
    return [line for line in (served, sent) if line.floor.median]  # where the system tells


def _grown(running: Running, name: str, work: Callable[[], None]) -> Line:
    work()
    before = _held(running)
    for _time in range(TIMES - 1):
        work()
    return Line(f"memory of the {name} × {TIMES}", _held(running), "× 1", before, AIM, "MiB")


def _held(running: Running) -> Figure:
    """The most that the process and its children ever held."""
    peak = sum(running.peak())
    return Figure(peak, peak, peak)


def _fetch(site: Site, count: int) -> None:
    paths = [f"/api/v1/{listed.name}/?page_size={PAGE_SIZE}" for listed in LISTS]
    fetches = [site.fetching(path) for path in paths]
    for fetch in islice(cycle(fetches), count):
        fetch()


def _remind(lab: Laboratory, worker: Running) -> None:
    """The worker writes all reminders that are due, and mails them."""
    moment = lab.large.made.moment
    now, later = moment.now, moment.now + LATER
    to_write = Assessment.objects.filter(remind_at__lte=now)
    # None is open: one that is claimed is due no more, and still somebody works on it.
    to_send = Mail.objects.filter(due_at__isnull=False, occasions__kind=SECOND)
    sweeping.undo(lab.large.database, moment)
    # All at once, for a batch rings for the next one as of the present hour, which may be closed.
    _ask("assessments.remind", now, times=lab.plan.due // BATCH + 1)
    processes.wait(worker, lambda: not to_write.exists(), within=PATIENCE)
    sweeping.must_be_owed(lab.plan.due)
    _ask("assessments.send_mail", later, times=lab.plan.due // CLAIM + 1)
    processes.wait(worker, lambda: not to_send.exists(), within=PATIENCE)


def _ask(task: str, now: datetime, *, times: int) -> None:
    for _time in range(times):
        app.send_task(task, kwargs={"now": now.isoformat()})
