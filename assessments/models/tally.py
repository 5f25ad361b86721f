from django.contrib.postgres.fields import ArrayField
from django.db import models

from assessments.models.answers import Submission
from contractors.models import Contractor, OwnedQuerySet
from suppliers.models import Supplier


class Tally(models.Model):
    """What a supplier handed in last, in columns, so that many can be counted at once.

    `not_done` and `unknown` are numbers of items; `profile` holds choices of the company's profile
    by the names of its items, some of which are shown to nobody but in aggregates.
    """

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    supplier = models.OneToOneField(Supplier, models.PROTECT, related_name="tally")
    submission = models.OneToOneField(Submission, models.CASCADE, related_name="+")  # goes with it
    total = models.SmallIntegerField()
    band = models.CharField(max_length=10)
    not_done = ArrayField(models.PositiveSmallIntegerField())
    unknown = ArrayField(models.PositiveSmallIntegerField())
    profile = models.JSONField()

    objects = OwnedQuerySet["Tally"].as_manager()

    def __str__(self) -> str:
        return f"tally of supplier #{self.supplier_id}"
