from django.db import models

from contractors.freezing import append_only
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from suppliers.models.certification import Certification
from suppliers.models.evidence import Evidence


class CertificationEvidence(models.Model):
    """A file shown for a certification."""

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    certification = models.ForeignKey(Certification, models.PROTECT, related_name="shown")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="shown_for")

    objects = OwnedQuerySet["CertificationEvidence"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certification", "evidence"], name="evidence_shown_once_a_certification"
            ),
        ]

    def __str__(self) -> str:
        return f"evidence #{self.evidence_id} for certification #{self.certification_id}"


class CertificationStep(models.Model):
    """Who did what to a certification, and against which document it was checked. Never changed.

    Holds codes and ids only: names and reasons are elsewhere, where they can be erased.
    """

    append_only = True

    class Act(models.TextChoices):
        DECLARED = "declared"
        CHANGED = "changed"
        VERIFIED = "verified"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"
        RENEWED = "renewed"
        RECONFIRMED = "reconfirmed"
        EXPIRING = "expiring"
        EXPIRED = "expired"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    certification = models.ForeignKey(Certification, models.PROTECT, related_name="steps")
    act = models.CharField(max_length=15, choices=Act.choices)
    at = models.DateTimeField()
    actor = models.JSONField()
    document = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    detail = models.JSONField(default=dict)

    objects = OwnedQuerySet["CertificationStep"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["certification", "-id"], name="certification_steps"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.act} of certification #{self.certification_id}"
