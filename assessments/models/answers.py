from datetime import datetime
from typing import Final

from django.db import models

from assessments.models.assessment import Assessment
from contractors.freezing import append_only, only_keys
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from ratings.models import Rating
from suppliers.models import Certification, Contact, Evidence

ERASED: Final = ("digest", "policy", "score", "grade", "band", "erased_at", "rule")  # what is left


class Answer(models.Model):
    """The supplier's present answer to an item. `version` counts changes, to catch two editors."""

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=20)
    comment = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="item_answered_once"),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} of assessment #{self.assessment_id}"


class AnswerEvidence(models.Model):
    """A file that the supplier shows for an item, whether it has an answer yet or not."""

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="evidence")
    number = models.PositiveSmallIntegerField()
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="shown_for_answers")

    objects = OwnedQuerySet["AnswerEvidence"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "number", "evidence"], name="evidence_shown_once_an_item"
            ),
        ]

    def __str__(self) -> str:
        return f"evidence #{self.evidence_id} for answer {self.number}"


class Submission(models.Model):
    """A frozen snapshot of what was handed in, and what it was rated.

    `content` holds answers and profile without names, mail addresses and telephone numbers;
    `digest` is the SHA-256 of its canonical JSON; `receipt` is what people quote. Once its
    retention has ended, `content` is `{digest, policy, score, grade, band, erased_at, rule}`.
    """

    append_only = True

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    receipt = models.CharField(max_length=30)
    responsible = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    certification = models.ForeignKey(  # that answers alone, in place of all answers
        Certification, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rating = models.OneToOneField(Rating, models.PROTECT, null=True, related_name="submission")
    submitted_at = models.DateTimeField()

    objects = OwnedQuerySet["Submission"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="submission_number_once"),
            models.UniqueConstraint(fields=["contractor", "receipt"], name="receipt_once"),
        ]
        indexes = [
            models.Index(fields=["contractor", "submitted_at"], name="submission_submitted"),
        ]
        triggers = append_only(
            emptied={
                "content": f"{only_keys('content', *ERASED, most=500)}"
                " AND NEW.content ->> 'digest' = OLD.digest"
            }
        )

    def __str__(self) -> str:
        return f"submission {self.number} of assessment #{self.assessment_id}"

    @property
    def erased(self) -> bool:
        """Its retention has ended: only what it came to is left."""
        return self.erased_at is not None

    @property
    def erased_at(self) -> datetime | None:
        told = self.content.get("erased_at")
        return datetime.fromisoformat(told) if told else None


class AnswerReading(models.Model):
    """Somebody of the contractor read answers: who, of which request, when; not what."""

    append_only = True

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="readings")
    actor = models.JSONField()
    request_id = models.CharField(max_length=64, blank=True)
    read_at = models.DateTimeField()

    objects = OwnedQuerySet["AnswerReading"].as_manager()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"reading of assessment #{self.assessment_id}"
