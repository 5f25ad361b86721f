from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from assessments.models.assessment import OPEN, Assessment
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from suppliers.models import Contact


class DelegationQuerySet(OwnedQuerySet["Delegation"]):
    def running(self) -> "DelegationQuerySet":
        """The colleague may still answer: neither ended, nor the request closed or handed over."""
        return self.filter(
            ended_at=None,
            asked_by=F("assessment__contact"),
            assessment__status__in=OPEN,
            assessment__erased_at=None,
        )


class Delegation(models.Model):
    """Whoever is in charge asks a colleague to answer some of the questions, and no others."""

    class Outcome(models.TextChoices):
        GIVEN_BACK = "given_back"
        DECLINED = "declined"  # by the colleague
        TAKEN_BACK = "taken_back"
        OVERTAKEN = "overtaken"  # the answers were handed in, or somebody else is in charge

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="delegations")
    asked_by = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="delegations")
    numbers = ArrayField(models.PositiveSmallIntegerField())
    note = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True)  # the colleague's first answer
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "contact"],
                condition=Q(ended_at=None),
                name="colleague_has_one_running_delegation",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="delegation_has_an_outcome_iff_ended",
            ),
            models.CheckConstraint(condition=~Q(numbers=[]), name="delegation_asks_something"),
        ]

    def __str__(self) -> str:
        return f"delegation {self.public_id}"


class DelegationLink(models.Model):
    """A colleague's way in, kept only as a digest. It works as long as the delegation runs."""

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link #{self.pk} of a delegation"
