"""What leaves the building is a row: claimed, acted on, closed. Mail and Delivery are such rows."""

from datetime import datetime, timedelta
from typing import ClassVar, TypedDict, TypeVar, cast

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, F, Min, Q
from django.db.models.functions import Coalesce, Mod

from contractors.models import OwnedQuerySet

M = TypeVar("M", bound="Owed", covariant=True)

CLAIM = 20  # rows a worker takes at once: few, so that a killed worker's rows wait a short lease
MOST_ATTEMPTS = 32_767  # as the column holds; then it begins anew, and still fences
LEASE = timedelta(seconds=settings.LEASE)  # what a claim takes fits twice: nobody acts meanwhile


class Freeze(models.Model):
    """While a row is here, nothing leaves the building: a restored copy must mail nobody."""

    frozen_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        app_label = "events"

    def __str__(self) -> str:
        return f"frozen at {self.frozen_at}: {self.reason}"


class Figures(TypedDict):
    """Of what is owed: `due` by now, the `oldest` of it, `later`, `failing`, `uncertain`."""

    due: int
    oldest: datetime | None
    later: int
    failing: int
    uncertain: int


class OwedQuerySet(OwnedQuerySet[M]):
    def claim(self, *, now: datetime, limit: int = CLAIM) -> list[M]:
        """Move the due time first: whoever moves it acts, and a crash only costs a wait."""
        with transaction.atomic():
            due = self.filter(~Exists(Freeze.objects.all()), due_at__lte=now).order_by("due_at")
            rows = list(due.select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])
            taken = self.model._base_manager.filter(pk__in=[row.pk for row in rows])
            taken.update(
                due_at=now + LEASE,
                attempt=Mod(F("attempt"), MOST_ATTEMPTS) + 1,
                late_since=Coalesce("late_since", "due_at"),
            )
        for row in rows:
            row.attempt = row.attempt % MOST_ATTEMPTS + 1
        return rows

    def close(self, row: "Owed", *, now: datetime, outcome: str = "") -> bool:
        """Only the attempt that was claimed may close; a late one changes nothing."""
        ended = {"closed_at": now, "due_at": None, "late_since": None, "outcome": outcome}
        return self.still_claimed(row).update(**ended) == 1

    def put_off(
        self, row: "Owed", *, now: datetime, outcome: str = "", at_least: timedelta | None = None
    ) -> bool:
        """After a failed attempt: later, or never. A row neither due nor closed was given up."""
        failures = row.failures + 1
        due_at = next_attempt(failures, self.model.PAUSES, now=now)
        if due_at and at_least:
            due_at = max(due_at, now + at_least)
        changed = {
            "due_at": due_at, "late_since": None, "outcome": outcome, "failures": failures
        }  # fmt: skip
        return self.still_claimed(row).update(**changed) == 1

    def postpone(self, row: "Owed", *, until: datetime) -> bool:
        """Not its hour: due then, without a step on the ladder, for nothing has failed."""
        return self.still_claimed(row).update(due_at=until, late_since=None) == 1

    def hold_up(self, row: "Owed", *, until: datetime, outcome: str = "") -> bool:
        """What it needs is away: tried again then, without a step on the ladder, and late now."""
        return self.still_claimed(row).update(due_at=until, outcome=outcome) == 1

    def give_up(self, row: "Owed", *, outcome: str) -> bool:
        """Openly: it is neither due nor closed, and stays so until a person acts."""
        given_up = {"due_at": None, "late_since": None, "outcome": outcome}
        return self.still_claimed(row).update(**given_up) == 1

    def given_up(self) -> "OwedQuerySet[M]":
        return self.filter(due_at=None, closed_at=None)

    def figures(self, *, now: datetime) -> Figures:
        """Of what has not ended, read by its index."""
        due = Q(due_at__lte=now) | Q(late_since__isnull=False)
        found = self.filter(due_at__isnull=False).aggregate(
            due=Count("pk", filter=due),
            oldest=Min(Coalesce("late_since", "due_at"), filter=due),
            later=Count("pk", filter=Q(due_at__gt=now, late_since=None)),
            failing=Count("pk", filter=Q(failures__gt=0)),
            uncertain=Count("pk", filter=Q(outcome="uncertain")),
        )
        return cast("Figures", found)

    def oldest(self, *, now: datetime) -> datetime | None:
        """Since when the row waits that waits longest, read by the two indexes."""
        due = self.filter(due_at__lte=now, late_since=None).order_by("due_at")
        late = self.filter(due_at__isnull=False, late_since__isnull=False).order_by("late_since")
        found = (
            due.values_list("due_at", flat=True).first(),
            late.values_list("late_since", flat=True).first(),
        )
        return min((each for each in found if each), default=None)

    def still_claimed(self, row: "Owed") -> models.QuerySet[M]:
        return self.filter(pk=row.pk, attempt=row.attempt, closed_at=None)


class Owed(models.Model):
    """`due_at` says when to act, `attempt` fences and `failures` counts the steps of the ladder.

    `late_since` is when a row was due that was claimed and is not done: neither closed, nor put off
    to another hour or step. It stays while its worker is dead or what it needs is away.
    `outcome` names how the last attempt ended.
    """

    PAUSES: ClassVar[tuple[timedelta, ...]] = ()

    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(due_at=None), name="%(class)s_closed_is_not_due"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="%(class)s_due"
            ),
            models.Index(
                fields=["late_since"],
                condition=Q(due_at__isnull=False, late_since__isnull=False),
                name="%(class)s_late",
            ),
            models.Index(
                fields=["outcome"],
                condition=Q(due_at=None, closed_at=None),
                name="%(class)s_given_up",
            ),
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="%(class)s_closed"
            ),
        ]


def next_attempt(failures: int, pauses: tuple[timedelta, ...], *, now: datetime) -> datetime | None:
    """When to try again after so many failures, or None to give up."""
    return now + pauses[failures - 1] if failures <= len(pauses) else None
