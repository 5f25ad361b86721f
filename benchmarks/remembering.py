"""The most memory that web server and worker need, while they do what is measured."""

from datetime import datetime, timedelta
from typing import Final

from assessments.models import Assessment, Mail
from benchmarks import processes, sweeping
from benchmarks.laboratory import Laboratory
from config.celery import app
from events.owed import CLAIM

PATIENCE: Final = 120.0  # seconds
LATER: Final = timedelta(minutes=45)  # by then the letters of a day are due


def measure(lab: Laboratory) -> dict[str, list[float]]:
    """MiB of each process. The worker writes all reminders that are due and mails them."""
    site, now = lab.large, lab.large.made.moment.now
    app.control.purge()
    with site.database.used(), processes.worker(site.database) as worker:
        sweeping.undo(site.database, site.made.moment)
        app.send_task("assessments.remind", kwargs={"now": now.isoformat()})
        processes.wait(worker, lambda: not _to_write(now), within=PATIENCE)
        for _claim in range(lab.plan.due // CLAIM + 1):
            app.send_task("assessments.send_mail", kwargs={"now": (now + LATER).isoformat()})
        processes.wait(worker, lambda: not _to_send(now + LATER), within=PATIENCE)
        worker_peaks = worker.peak()
        sweeping.must_be_owed(lab.plan.due)
    return {"web server": site.web.peak(), "worker": worker_peaks}


def _to_write(now: datetime) -> bool:
    return Assessment.objects.filter(remind_at__lte=now).exists()


def _to_send(by: datetime) -> bool:
    return Mail.objects.filter(due_at__lte=by).exists()
