"""What stood there before an import is kept for a day, so that the import can be undone.

Of a supplier that stands in several chunks of a sheet the oldest is kept. Where somebody else came
in between, the change stays as it was: an undo will see that it is no more the last.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from events.models import Operation
from suppliers.models import Contact, ImportChange, Supplier

UNDOABLE: Final = timedelta(hours=24)  # after the import has ended
KEPT: Final = UNDOABLE + timedelta(hours=1)  # an undo that began in time ends in time
FORGOTTEN_AT_ONCE: Final = 1000

Fields = dict[str, Any]


@dataclass
class Trail:
    """What the rows of a chunk are about to change, by supplier; the first word counts."""

    rows: dict[UUID, int] = field(default_factory=dict)
    seen: dict[UUID, datetime] = field(default_factory=dict)
    before: dict[UUID, Fields] = field(default_factory=lambda: defaultdict(dict))
    contacts: dict[UUID, dict[str, Fields | None]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def supplier(self, supplier: Supplier, names: Iterable[str]) -> None:
        """It is as it was; these fields will be changed."""
        self.seen.setdefault(supplier.public_id, supplier.updated_at)
        for name in names:
            self.before[supplier.public_id].setdefault(name, getattr(supplier, name))

    def added(self, supplier: Supplier, contact: Contact) -> None:
        self.contacts[supplier.public_id][str(contact.public_id)] = None

    def contact(self, supplier: Supplier, contact: Contact, names: Iterable[str]) -> None:
        """The contact is as it was; these fields will be changed."""
        was = {name: getattr(contact, name) for name in names}
        known = self.contacts[supplier.public_id].setdefault(str(contact.public_id), was)
        if known is not None:
            self.contacts[supplier.public_id][str(contact.public_id)] = was | known


def keep(
    operation: Operation,
    trail: Trail,
    suppliers: Iterable[Supplier],
    *,
    created: Mapping[UUID, Supplier],
    now: datetime,
) -> None:
    """These suppliers were stored. Two queries, however many."""
    known = {
        change.supplier_id: change
        for change in ImportChange.objects.filter(operation=operation, supplier__in=suppliers)
    }
    changes = []
    for supplier in suppliers:
        key = supplier.public_id
        new = ImportChange(
            contractor_id=operation.contractor_id,
            operation=operation,
            supplier=supplier,
            row=trail.rows[key],
            created=key in created,
            before={} if key in created else trail.before[key],
            contacts=trail.contacts[key],
            left_at=now,
        )
        if old := known.get(supplier.pk):
            if old.left_at != trail.seen[key]:
                continue
            new.before, new.contacts = new.before | old.before, new.contacts | old.contacts
        changes.append(new)
    ImportChange.objects.bulk_create(
        changes,
        update_conflicts=True,
        unique_fields=["operation", "supplier"],
        update_fields=["before", "contacts", "left_at"],
    )


def forget(*, now: datetime) -> bool:
    """What can be undone no more; says whether more is left than one run takes."""
    over = ImportChange.objects.filter(left_at__lte=now - KEPT)
    ended = over.filter(operation__closed_at__lte=now - KEPT).order_by("left_at")
    pks = list(ended.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    ImportChange.objects.filter(pk__in=pks).delete()
    return len(pks) == FORGOTTEN_AT_ONCE
