from datetime import date, timedelta
from typing import Final

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from contractors.freezing import GONE, REFUSAL, erased_text, unless_erased
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet, User
from suppliers.models import Supplier

MOST_MONTHS: Final = 6
NOTICE: Final = timedelta(days=30)  # between the day the supplier was told and the first day
DECIDED: Final = (
    "public_id", "contractor", "supplier", "reason", "from_on", "until_on", "told_on", "urgency",
    "supplier_reply", "decided_at", "decided_by",
)  # fmt: skip
UNLESS_ERASED: Final = unless_erased({"supplier_reply": erased_text("supplier_reply")})


def _range(first: str, last: str, function: str) -> Func:
    return Func(F(first), F(last), Value("[]"), function=function)


class HoldQuerySet(OwnedQuerySet["Hold"]):
    def not_over(self, day: date) -> "HoldQuerySet":
        """Those that count on this day in Japan or will: an end that came needs no sweep."""
        return self.filter(released_at=None, until_on__gte=day)


class Hold(models.Model):
    """A person decided that a supplier gets no new orders for a time. Days are days in Japan.

    Orders already placed are untouched. `until_on` is its last day. Its release alone comes later;
    what the supplier replied is `erased` once its retention has ended.
    """

    class Urgency(models.TextChoices):
        """Why the supplier was not told 30 days before."""

        INCIDENT = "incident"
        DANGER = "danger"

    class Status(models.TextChoices):
        SCHEDULED = "scheduled"
        RUNNING = "running"
        ENDED = "ended"
        RELEASED = "released"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="holds")
    reason = models.TextField(max_length=2000)
    from_on = models.DateField()
    until_on = models.DateField()
    told_on = models.DateField()
    urgency = models.CharField(  # noqa: DJ001  # null on the wire
        max_length=10, choices=Urgency.choices, null=True, blank=True
    )
    supplier_reply = models.TextField(max_length=2000, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    release_reason = models.TextField(max_length=2000, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="hold_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(
                    until_on__lte=Func(
                        F("from_on"),
                        template=f"(%(expressions)s + interval '{MOST_MONTHS} months')",
                    )
                ),
                name="hold_lasts_6_months_at_most",
            ),
            models.CheckConstraint(
                condition=Q(told_on__lte=F("from_on")), name="hold_was_told_before_it_began"
            ),
            models.CheckConstraint(
                condition=Q(urgency__isnull=False) | Q(told_on__lte=F("from_on") - NOTICE),
                name="hold_was_told_30_days_before_or_is_urgent",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None, release_reason="")
                | (Q(released_at__isnull=False, released_by__isnull=False) & ~Q(release_reason="")),
                name="hold_release_is_whole",
            ),
            ExclusionConstraint(
                name="holds_of_a_supplier_never_overlap",
                expressions=[  # a range of one id: equality would need an extension
                    (_range("supplier", "supplier", "int8range"), RangeOperators.OVERLAPS),
                    (_range("from_on", "until_on", "daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at=None),
            ),
        ]
        indexes = [
            models.Index(F("contractor"), F("supplier"), -F("id"), name="hold_newest"),
            models.Index(
                fields=["contractor", "until_on"],
                condition=~Q(supplier_reply="") & ~Q(supplier_reply=GONE),
                name="hold_reply_kept",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="hold_is_decided_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*DECIDED),
                func=UNLESS_ERASED,
            ),
            pgtrigger.Trigger(
                name="hold_is_released_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__released_at__isnull=False),
                func=UNLESS_ERASED,
            ),
            pgtrigger.Trigger(
                name="hold_is_never_removed",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=REFUSAL,
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.public_id}"

    def status_on(self, day: date) -> Status:
        """What it is on a day in Japan."""
        if self.released_at is not None:
            return self.Status.RELEASED
        if day > self.until_on:
            return self.Status.ENDED
        return self.Status.RUNNING if day >= self.from_on else self.Status.SCHEDULED
