from typing import Final

import pgtrigger
from django.db import models
from django.db.models import Q

from assessments.models.consultation import Consultation, Side
from contractors.freezing import REFUSAL, erased_text, unless_erased
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet

MOST_YEN: Final = 10**12
UNLESS_ERASED: Final = unless_erased(
    {name: erased_text(name) for name in ("measure", "price_reflection", "explanation")}
    | {"cost_estimate_yen": "NEW.cost_estimate_yen IS NULL"}
)


class Proposal(models.Model):
    """What one side would do, at whose cost. Its words never change; its state ends once.

    `share_percent` is the contractor's part of a shared cost. Once its retention has ended, its
    words are `erased` and the sum is gone.
    """

    class Bearer(models.TextChoices):
        CONTRACTOR = "contractor"
        SUPPLIER = "supplier"
        SHARED = "shared"
        IN_PRICE = "in_price"

    class State(models.TextChoices):
        OPEN = "open"
        AGREED = "agreed"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    TERMS: Final = (
        "measure", "cost_estimate_yen", "bearer", "share_percent", "from_on", "price_reflection",
    )  # fmt: skip

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="proposals")
    side = models.CharField(max_length=10, choices=Side.choices)
    actor = models.JSONField()
    measure = models.TextField(max_length=1000)
    cost_estimate_yen = models.PositiveBigIntegerField(null=True, blank=True)
    bearer = models.CharField(max_length=10, choices=Bearer.choices)
    share_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    from_on = models.DateField(null=True, blank=True)
    price_reflection = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    explanation = models.TextField(max_length=2000, blank=True)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.JSONField(null=True, blank=True)

    objects = OwnedQuerySet["Proposal"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(measure=""), name="proposal_has_a_measure"),
            models.CheckConstraint(
                condition=Q(bearer="shared") ^ Q(share_percent=None), name="share_iff_shared"
            ),
            models.CheckConstraint(
                condition=Q(share_percent=None) | Q(share_percent__lte=100),
                name="share_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(cost_estimate_yen=None) | Q(cost_estimate_yen__lte=MOST_YEN),
                name="cost_is_an_amount",
            ),
            models.CheckConstraint(
                condition=~Q(bearer="in_price") | ~Q(price_reflection=""),
                name="price_says_how_it_reflects_the_cost",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(explanation=""), name="explanation_iff_refused"
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(decided_at__isnull=False),
                name="proposal_open_iff_not_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(decided_by__isnull=True),
                name="open_is_decided_by_nobody",
            ),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(state="agreed"), name="agreed_on_once"
            ),
            models.UniqueConstraint(
                fields=["consultation", "side"],
                condition=Q(state="open"),
                name="one_open_proposal_of_a_side",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="proposal_is_decided_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="open"),
                func=UNLESS_ERASED,
            ),
            pgtrigger.Trigger(
                name="proposal_keeps_its_words",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "consultation",
                    "side",
                    "actor",
                    "measure",
                    "cost_estimate_yen",
                    "bearer",
                    "share_percent",
                    "from_on",
                    "price_reflection",
                    "proposed_at",
                ),
                func=UNLESS_ERASED,
            ),
            pgtrigger.Trigger(
                name="proposal_is_never_removed",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=REFUSAL,
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.public_id} ({self.state})"
