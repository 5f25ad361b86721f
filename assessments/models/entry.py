from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from assessments.models.confirmation import Confirmation
from contractors.models import Contractor


class Link(models.Model):
    """A locator in a mail, kept only as a digest. It works until revoked.

    With a `confirmation` it leads the responsible person there, and nobody to the answers.
    """

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="links")
    confirmation = models.ForeignKey(  # looked for by the digest or the request
        Confirmation, models.CASCADE, null=True, blank=True, related_name="links", db_index=False
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link #{self.pk}"


class Entry(models.Model):
    """One browser's way in. A browser that comes after answers exist must show a mailed code first.

    Every code sent is a row of its own, so limits are counted and never reset by asking again.
    Ended, it opens nothing any more: somebody else was put in charge. With a `confirmation` it is
    the responsible person's way in, and always shows a code.
    """

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="entries")
    confirmation = models.ForeignKey(  # looked for by its key or the request
        Confirmation, models.CASCADE, null=True, blank=True, related_name="entries", db_index=False
    )
    opened_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | ~Q(code_digest=""),
                name="unconfirmed_entry_waits_for_a_code",
            ),
        ]
        indexes = [models.Index(fields=["assessment", "opened_at"], name="entry_recent")]

    def __str__(self) -> str:
        return f"entry #{self.pk}"
