"""A person of the supplier is named by its contact: known by the mail address, or written down."""

from datetime import datetime
from typing import Any

from assessments.models import Assessment
from suppliers import locking
from suppliers.models import Contact, Supplier


def find_or_add(
    assessment: Assessment, *, email: str, role: Contact.Role, now: datetime, **more: Any
) -> tuple[Contact, bool]:
    """Who has this address at the supplier, and whether the person is new.

    A known name is not overwritten; a new person is written to in the language of the contact.
    """
    supplier = locking.lock(Supplier(pk=assessment.supplier_id))
    known = supplier.contacts.filter(email__iexact=email).first()
    if known is not None:
        return known, False
    made = Contact.objects.create(
        contractor_id=supplier.contractor_id,
        supplier=supplier,
        language=assessment.contact.language,
        role=role,
        email=email,
        **more,
    )
    supplier.updated_at = now
    supplier.save(update_fields=["updated_at"])
    return made, True
