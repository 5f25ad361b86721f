from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.db.models import F, Max, Q

from contractors.freezing import NOTHING, append_only, only_keys
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from suppliers.models import Supplier

ERASED: Final = ("band", "erased_at", "rule")  # what is left of a result

NOTHING_TOLD: Final[dict[str, Any]] = {
    "flags": [], "confidence": None, "self_diagnosis": None, "drivers": [],
}  # fmt: skip


class Grade(models.TextChoices):
    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class Level(models.TextChoices):
    """Whom to talk to first (相談の優先度). Unknown where nothing was answered, or too long ago."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


class Cause(models.TextChoices):
    """Why a rating was made. Where several things changed, the first of this list."""

    SUBMITTED = "submitted"  # a supplier handed in, or a certificate was accepted for answers
    POLICY = "policy"
    CERTIFICATE = "certificate"
    LAPSE = "lapse"
    EXPOSURE = "exposure"  # or whether the trade handles personal data
    STALE = "stale"  # nothing but time went by


class RatingQuerySet(OwnedQuerySet["Rating"]):
    def newest(self, suppliers: Collection[Supplier]) -> "RatingQuerySet":
        """Of each supplier the last that rests on answers, and the last on a certificate alone.

        What sums them again is read, and of `result` the self-diagnosis as `diagnosed`.
        """
        last = Rating.objects.filter(supplier__in=suppliers).values("supplier", "answered")
        rows = self.filter(pk__in=last.annotate(last=Max("pk")).values("last"))
        known = rows.only("supplier_id", "answered", "inputs", "policy_digest")
        return known.annotate(diagnosed=F("result__self_diagnosis"))


class Rating(models.Model):
    """What was known of a supplier on a day comes to this. Kept with the policy and its inputs.

    `result` holds drivers, self_diagnosis, confidence and flags as the API tells them; `inputs` the
    facts they were summed from, so that the sum can be made again. Once erased, `inputs` are empty
    and `result` is `{band, erased_at, rule}`.
    The newest that `stands` is the supplier's standing.
    """

    append_only = True

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="ratings")
    score = models.DecimalField(max_digits=5, decimal_places=2)
    grade = models.CharField(max_length=1, choices=Grade.choices)
    level = models.CharField(max_length=10, choices=Level.choices)
    level_at_least = models.CharField(max_length=10, choices=Level.choices)
    exposure = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=12, choices=Cause.choices, db_default=Cause.SUBMITTED.value)
    answered = models.BooleanField(db_default=True)  # False: a certificate in place of answers
    stands = models.BooleanField(db_default=True)  # it became the standing when it was made
    result = models.JSONField()
    inputs = models.JSONField()
    input_digest = models.CharField(max_length=64)
    policy_key = models.CharField(max_length=50)
    policy_version = models.CharField(max_length=20)
    policy_digest = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    created_at = models.DateTimeField()

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100), name="score_between_0_and_100"
            ),
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="grade_from_a_to_e"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="level_is_known"),
            models.CheckConstraint(
                condition=Q(level_at_least__in=Level.values), name="level_at_least_is_known"
            ),
            models.CheckConstraint(
                condition=Q(exposure__gte=0, exposure__lte=3), name="exposure_between_0_and_3"
            ),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="cause_is_known"),
        ]
        indexes = [
            models.Index(F("contractor"), F("supplier"), -F("id"), name="rating_of_supplier"),
            models.Index(F("contractor"), -F("id"), name="rating_newest"),
            models.Index(F("contractor"), F("created_at"), name="rating_made"),
        ]
        triggers = append_only(
            emptied={
                "result": only_keys("result", *ERASED, most=200),
                "inputs": f"NEW.inputs = {NOTHING}",
            }
        )

    def __str__(self) -> str:
        return f"rating {self.public_id}"

    @property
    def told(self) -> dict[str, Any]:
        """`result` with all its parts, which are empty once it is erased."""
        return {**NOTHING_TOLD, **self.result}

    @property
    def erased_at(self) -> datetime | None:
        """Since when nothing but score, grade and level is left."""
        told = self.result.get("erased_at")
        return datetime.fromisoformat(told) if told else None

    @property
    def erased(self) -> bool:
        """Its inputs were due to be forgotten, so it cannot be summed again."""
        return not self.inputs
