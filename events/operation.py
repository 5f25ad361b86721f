from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.db.models import F, Q

from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from events.owed import Owed, OwedQuerySet

MOST_ERRORS: Final = 1000  # kept with the operation; the rows' own are in its chunks


class OperationQuerySet(OwedQuerySet["Operation"]):
    def unfinished(self) -> "OperationQuerySet":
        return self.filter(closed_at=None)


class Operation(Owed):
    """Long work on the rows of a table, done chunk by chunk, each in one transaction.

    `moved_in` is the attempt that last did a chunk; `errors` holds the first ones, as `operating`
    writes them, `faults` counts them all.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        CANCELLED = "cancelled"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    kind = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    total = models.PositiveIntegerField()  # rows
    done = models.PositiveIntegerField(default=0)
    only_good_rows = models.BooleanField(default=False)
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="undos", editable=False
    )
    counts = models.JSONField(default=dict)  # rows by how they ended
    faults = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    moved_in = models.PositiveSmallIntegerField(default=0)
    actor = models.JSONField()
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    objects = OperationQuerySet.as_manager()

    class Meta(Owed.Meta):
        constraints = [
            *Owed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running"]) ^ Q(closed_at__isnull=False),
                name="operation_unfinished_iff_open",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="operation_does_no_more_than_all"
            ),
        ]
        indexes = [
            *Owed.Meta.indexes,
            models.Index(F("contractor"), -F("id"), name="operation_newest"),
        ]

    def __str__(self) -> str:
        return f"operation {self.public_id} ({self.kind}, {self.status})"

    def add(self, outcomes: Sequence[dict[str, Any]]) -> None:
        """Count these rows and keep their errors, as far as they fit. The caller saves."""
        counts = dict(self.counts)
        for each in outcomes:
            counts[each["status"]] = counts.get(each["status"], 0) + 1
        found = [error for each in outcomes for error in each["errors"]]
        self.counts, self.faults = counts, self.faults + len(found)
        self.errors = [*self.errors, *found][:MOST_ERRORS]

    def conclude(self, status: Status, *, now: datetime) -> None:
        """Nothing is due any more. The caller saves."""
        self.status, self.closed_at, self.due_at = status, now, None


class OperationChunk(models.Model):
    """Some rows of an operation: `rows` until they are done, then `outcomes`, one of each row."""

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    operation = models.ForeignKey(Operation, models.CASCADE, related_name="chunks")
    position = models.PositiveSmallIntegerField()
    rows = models.JSONField(default=list)
    outcomes = models.JSONField(default=list)
    done = models.BooleanField(default=False)

    objects = OwnedQuerySet["OperationChunk"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "position"], name="operation_chunk_has_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"chunk {self.position} of operation #{self.operation_id}"
