from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from assessments.models.answers import Submission
from assessments.models.assessment import Assessment
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet


class ClarificationQuerySet(OwnedQuerySet["Clarification"]):
    def unresolved(self) -> "ClarificationQuerySet":
        """Of the newest return: a decision and a further return resolve what was before."""
        return self.filter(resolved_at=None)


class Clarification(models.Model):
    """A question back about one item of a submission, and what the supplier replied."""

    class State(StrEnum):
        OPEN = "open"
        REPLIED = "replied"
        RESOLVED = "resolved"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="clarifications")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="clarifications")
    number = models.PositiveSmallIntegerField()
    question = models.TextField(max_length=1000)
    asked_at = models.DateTimeField()
    asked_by = models.JSONField()
    reply = models.TextField(max_length=2000, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = ClarificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "number"],
                condition=Q(resolved_at=None),
                name="item_has_one_unresolved_question",
            ),
            models.CheckConstraint(
                condition=Q(reply="") | Q(replied_at__isnull=False), name="reply_has_a_time"
            ),
            models.CheckConstraint(condition=~Q(question=""), name="clarification_asks"),
        ]
        indexes = [
            models.Index(F("assessment"), -F("id"), name="clarification_newest"),
        ]

    def __str__(self) -> str:
        return f"clarification of item {self.number} of assessment #{self.assessment_id}"

    def state(self) -> State:
        if self.resolved_at is not None:
            return self.State.RESOLVED
        return self.State.OPEN if self.replied_at is None else self.State.REPLIED
