"""What was erased, and what people asked for about what is kept of them."""

from django.db import models
from django.db.models import F, Q

from contractors.freezing import append_only
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet


class Rule(models.TextChoices):
    """Why something was erased."""

    ANSWERS = "answers"  # so many months after the decision
    TALKS = "talks"
    CONTACT = "contact"  # so many months after the last activity
    PERSON = "person"  # the person asked for it


class Erasure(models.Model):
    """Something was erased: what, by which rule, when. Holds ids and digests, nothing of a person.

    `digests` are those of the snapshots that were emptied, so that the trail still says what stood
    there.
    """

    append_only = True

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    rule = models.CharField(max_length=10, choices=Rule.choices)
    subject_type = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    digests = models.JSONField(default=list)
    erased_at = models.DateTimeField()

    objects = OwnedQuerySet["Erasure"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="erasure_has_a_rule"),
        ]
        indexes = [
            models.Index(F("contractor"), -F("id"), name="erasure_newest"),
            models.Index(fields=["subject_id"], name="erasure_subject"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"erasure of {self.subject_type} {self.subject_id}"
