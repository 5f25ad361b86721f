from django.db import models

from contractors.models import Contractor, OwnedQuerySet
from events.models import Operation
from suppliers.models.supplier import Supplier


class ImportChange(models.Model):
    """What an import did to one supplier, kept for a day so that it can be taken back.

    `before` holds the fields that it changed, `contacts` by the contact's id those of each, and
    null for one that it added; `left_at` is the supplier's `updated_at` as the import left it.
    """

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    operation = models.ForeignKey(Operation, models.CASCADE, related_name="import_changes")
    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="import_changes")
    row = models.PositiveIntegerField()  # the first in the sheet that is about it
    created = models.BooleanField()
    before = models.JSONField(default=dict)
    contacts = models.JSONField(default=dict)
    left_at = models.DateTimeField()

    objects = OwnedQuerySet["ImportChange"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "supplier"], name="import_changes_a_supplier_once"
            ),
        ]
        indexes = [models.Index(fields=["left_at"], name="import_change_oldest")]

    def __str__(self) -> str:
        return f"change of supplier #{self.supplier_id} by operation #{self.operation_id}"
