from datetime import datetime, timedelta
from typing import Final

from django.db import models

FORGOTTEN: Final = timedelta(days=1)  # after which a worker has gone for good


class WorkerQuerySet(models.QuerySet["Worker"]):
    def note(self, name: str, *, now: datetime) -> None:
        """It has just done something; who did not for a day is forgotten."""
        self.update_or_create(name=name, defaults={"seen_at": now})
        self.filter(seen_at__lt=now - FORGOTTEN).delete()


class Worker(models.Model):
    """A worker that took a canary out of the real queue: it does not only live, it works."""

    name = models.CharField(max_length=200, unique=True)
    seen_at = models.DateTimeField()

    objects = WorkerQuerySet.as_manager()

    class Meta:
        app_label = "events"

    def __str__(self) -> str:
        return f"worker {self.name}, seen at {self.seen_at}"
