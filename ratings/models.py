from django.db import models
from django.db.models import Q

from contractors.freezing import append_only
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from suppliers.models import Supplier


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


class Rating(models.Model):
    """What was known of a supplier on a day comes to this. Kept with the policy and its inputs.

    `result` holds drivers, self_diagnosis, confidence and flags as the API tells them; `inputs` the
    facts they were summed from, so that the sum can be made again.
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
    result = models.JSONField()
    inputs = models.JSONField()
    input_digest = models.CharField(max_length=64)
    policy_key = models.CharField(max_length=50)
    policy_version = models.CharField(max_length=20)
    policy_digest = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    created_at = models.DateTimeField()

    objects = OwnedQuerySet["Rating"].as_manager()

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
        ]
        indexes = [
            models.Index(fields=["contractor", "supplier", "-id"], name="rating_newest"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"rating {self.public_id}"
