from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value

from contractors.freezing import append_only
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from events.owed import Owed, OwedQuerySet
from suppliers.models.supplier import Supplier


class EvidenceQuerySet(OwnedQuerySet["Evidence"]):
    def kept(self) -> "EvidenceQuerySet":
        """Files that are still there."""
        return self.filter(removed_at=None)

    def to_discard(self) -> "EvidenceQuerySet":
        """Files that nobody wants any more and that are still stored."""
        return self.filter(removed_at__isnull=False, discarded_at=None)


class Evidence(models.Model):
    """A file that a supplier showed. After its removal the row stays, without the file."""

    class Scan(models.TextChoices):
        """What is infected is never stored."""

        CLEAN = "clean"
        UNSCANNED = "unscanned"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=255)  # as shown, at most 200
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of what is stored, as hex
    sent_digest = models.CharField(max_length=64, db_default="")  # of what came: images are redrawn
    stored_as = models.CharField(max_length=100, unique=True)  # random
    scan = models.CharField(max_length=10, choices=Scan.choices, default=Scan.UNSCANNED)
    warnings = ArrayField(
        models.CharField(max_length=40),
        default=list,
        db_default=Value([], ArrayField(models.CharField(max_length=40))),
    )
    uploaded_at = models.DateTimeField()
    uploaded_by = models.JSONField()  # an actor
    removed_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)  # the file itself is gone

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="evidence_has_a_name"),
            models.CheckConstraint(
                condition=Q(discarded_at=None) | Q(removed_at__isnull=False),
                name="kept_evidence_has_its_file",
            ),
        ]
        indexes = [
            models.Index(F("contractor"), F("supplier"), -F("id"), name="evidence_newest"),
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False, discarded_at=None),
                name="evidence_to_discard",
            ),
        ]

    def __str__(self) -> str:
        return f"evidence {self.public_id}"


class EvidenceScan(Owed):
    """A scan for malware that is owed to a file which was taken while no scanner answered."""

    PAUSES = (
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=6),
        *[timedelta(days=1)] * 26,
    )  # for a month; what no scan can be had for by then stays unscanned

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="owed_scan")

    objects = OwedQuerySet["EvidenceScan"].as_manager()

    def __str__(self) -> str:
        return f"scan of evidence #{self.evidence_id}, attempt {self.attempt}"


class EvidenceReading(models.Model):
    """Somebody of the contractor took a file away: who, of which request, when."""

    append_only = True

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="readings")
    actor = models.JSONField()
    request_id = models.CharField(max_length=64, blank=True)
    read_at = models.DateTimeField()

    objects = OwnedQuerySet["EvidenceReading"].as_manager()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"reading of evidence #{self.evidence_id}"
