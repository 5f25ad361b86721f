from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from suppliers.models import Contact


class ConfirmationQuerySet(OwnedQuerySet["Confirmation"]):
    def asked(self) -> "ConfirmationQuerySet":
        """Those that wait for a word; until then the answers stay as they are."""
        return self.filter(state=Confirmation.State.ASKED)


class Confirmation(models.Model):
    """Who answers asks the responsible person to confirm the answers. One at a time."""

    class State(models.TextChoices):
        ASKED = "asked"
        CONFIRMED = "confirmed"  # and thereby handed in
        RETURNED = "returned"  # to who asked, with a note or without
        TAKEN_BACK = "taken_back"
        CLOSED = "closed"  # the request has ended, or somebody else is in charge of it

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="confirmations")
    person = models.ForeignKey(Contact, models.PROTECT, related_name="confirmations")
    digest = models.CharField(max_length=64)  # of what would have been handed in when it was asked
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    note = models.TextField(max_length=1000, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(state="asked"), name="confirmation_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") ^ Q(ended_at__isnull=False),
                name="confirmation_ended_unless_asked",
            ),
            models.CheckConstraint(
                condition=Q(note="") | Q(state="returned"), name="only_returns_have_a_note"
            ),
        ]

    def __str__(self) -> str:
        return f"confirmation {self.public_id} ({self.state})"
