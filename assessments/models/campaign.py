from datetime import timedelta
from typing import Final

import pgtrigger
from django.db import models
from django.db.models import F, Q

from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from events.models import Operation
from questionnaires.models import Questionnaire
from suppliers.models import Supplier

MAILS_PER_MINUTE: Final = (1, 1000)
UNDO: Final = timedelta(minutes=5)  # after its launch: a campaign is taken back unheard


class Campaign(models.Model):
    """A contractor asks many suppliers the same by the same day, launched as one.

    An empty `schedule` is the service's own timetable. Without `at_once` the first letter waits for
    a Tuesday, Wednesday or Thursday. `settle_at`: when to see next whether it has come to its end,
    or to take back what is left of it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        LAUNCHED = "launched"
        COMPLETED = "completed"
        CANCELLED = "cancelled"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    name = models.CharField(max_length=200)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="+")
    due_on = models.DateField()
    implement_by = models.DateField(null=True, blank=True)
    message = models.TextField(max_length=2000, blank=True)
    requirements = models.JSONField(default=dict, blank=True)
    schedule = models.JSONField(default=dict, blank=True)
    mails_per_minute = models.PositiveSmallIntegerField(default=100)
    at_once = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    warnings = models.JSONField(default=list, blank=True)  # as they were told when it was launched
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    launched_at = models.DateTimeField(null=True, blank=True)
    launched_by = models.JSONField(null=True, blank=True)  # an actor
    # {id, name} of the person who stands for its warnings and promises, as it was then
    confirmed_by = models.JSONField(null=True, blank=True)
    first_mail_at = models.DateTimeField(null=True, blank=True)
    operation = models.ForeignKey(
        Operation, models.PROTECT, null=True, blank=True, related_name="campaigns"
    )
    settle_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.JSONField(null=True, blank=True)  # an actor
    closing_note = models.TextField(max_length=1000, blank=True)  # why it was cancelled

    objects = OwnedQuerySet["Campaign"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="campaign_has_a_name"),
            models.CheckConstraint(
                condition=Q(mails_per_minute__range=MAILS_PER_MINUTE),
                name="mails_per_minute_are_1_to_1000",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="draft",
                    launched_at__isnull=True,
                    launched_by__isnull=True,
                    first_mail_at__isnull=True,
                    operation__isnull=True,
                )
                | (
                    ~Q(status="draft")
                    & Q(
                        launched_at__isnull=False,
                        launched_by__isnull=False,
                        first_mail_at__isnull=False,
                        operation__isnull=False,
                    )
                ),
                name="campaign_is_a_draft_until_launched",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["completed", "cancelled"]) ^ Q(ended_at=None),
                name="campaign_has_an_end_iff_ended",
            ),
            models.CheckConstraint(
                condition=Q(settle_at=None) | Q(status__in=["launched", "cancelled"]),
                name="only_launched_campaigns_are_settled",
            ),
        ]
        indexes = [
            models.Index(F("contractor"), -F("id"), name="campaign_newest"),
            models.Index(
                fields=["settle_at"],
                condition=Q(settle_at__isnull=False),
                name="campaign_settling",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="campaign_moves_along_edges",
                field="status",
                transitions=[
                    ("draft", "launched"),
                    ("launched", "completed"),
                    ("launched", "cancelled"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"campaign {self.public_id} ({self.status})"


class CampaignSupplier(models.Model):
    """A supplier that a campaign is to ask."""

    contractor = models.ForeignKey(Contractor, models.PROTECT, db_index=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="members", db_index=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="campaigns")

    objects = OwnedQuerySet["CampaignSupplier"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "supplier"], name="supplier_once_in_a_campaign"
            ),
        ]
        indexes = [
            models.Index(F("contractor"), F("campaign"), -F("id"), name="campaign_supplier_newest"),
        ]

    def __str__(self) -> str:
        return f"supplier #{self.supplier_id} in campaign #{self.campaign_id}"
