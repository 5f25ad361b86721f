"""A person of the supplier is named by its contact: known by the mail address, or written down."""

from datetime import datetime
from typing import Any

from assessments.models import Assessment
from suppliers import locking, recognising
from suppliers.models import Contact, Supplier


def find_or_add(
    assessment: Assessment, *, email: str, role: Contact.Role, now: datetime, **more: Any
) -> tuple[Contact, bool]:
    """Who has this address at the supplier, and whether the person is new.

    A known name is not overwritten; a new person is written to in the language of the contact.
    """
    supplier = locking.lock(Supplier(pk=assessment.supplier_id))
    if found := known(assessment, email):
        return found, False
    made = new(assessment, email=email, role=role, **more)
    made.save(force_insert=True)
    supplier.updated_at = now
    supplier.save(update_fields=["updated_at"])
    return made, True


def known(assessment: Assessment, email: str) -> Contact | None:
    """Who has this address at the supplier."""
    rows = Contact.objects.filter(supplier=assessment.supplier_id)
    return rows.filter(email__iexact=email).first()


def new(assessment: Assessment, **fields: Any) -> Contact:
    """A person of the supplier who is not stored yet; whoever opted out stays so."""
    made = Contact(
        contractor_id=assessment.contractor_id,
        supplier_id=assessment.supplier_id,
        language=assessment.contact.language,
        **fields,
    )
    recognising.recognise([made])
    return made
