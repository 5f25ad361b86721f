"""The most memory that web server and worker need, while they do what is measured."""

from datetime import datetime
from typing import Final

from assessments.models import Assessment, Mail
from benchmarks import processes, sweeping
from benchmarks.laboratory import Laboratory
from config.celery import app

PATIENCE: Final = 120.0  # seconds


def measure(lab: Laboratory) -> dict[str, list[float]]:
    """MiB of each process. The worker writes all reminders that are due and mails them."""
    site, now = lab.large, lab.large.made.moment.now
    app.control.purge()
    with site.database.used(), processes.worker(site.database) as worker:
        sweeping.undo(site.database, site.made.moment)
        app.send_task("assessments.remind", kwargs={"now": now.isoformat()})
        processes.wait(worker, lambda: not _remains(now), within=PATIENCE)
        worker_peaks = worker.peak()
    return {"web server": site.web.peak(), "worker": worker_peaks}


def _remains(now: datetime) -> bool:
    due = Assessment.objects.filter(remind_at__lte=now)
    return due.exists() or Mail.objects.filter(due_at__isnull=False).exists()
