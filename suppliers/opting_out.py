"""A person wants no more automatic mails: one click in the mail program is enough (RFC 8058)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import transaction

from contractors.actors import Actor
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers.models import Contact

SIGNER: Final = "suppliers.opting_out"


def token(contact: Contact) -> str:
    """Allows nothing but to stop the mails to this person."""
    return Signer(salt=SIGNER).sign(str(contact.public_id))


def find(token: str) -> Contact | None:
    try:
        public_id = UUID(Signer(salt=SIGNER).unsign(token))
    except (BadSignature, ValueError):
        return None
    rows = Contact.objects.select_related("contractor", "supplier")
    return rows.filter(public_id=public_id).first()


@transaction.atomic
def opt_out(contact: Contact, *, now: datetime) -> None:
    """Requests stay open and can still be answered. Safe to repeat."""
    others = Contact.objects.filter(pk=contact.pk).exclude(status=Contact.Status.OPTED_OUT)
    if not others.update(status=Contact.Status.OPTED_OUT):
        return
    happening = Happening(
        Kind.SUPPLIER_UPDATED,
        contact.supplier.public_id,
        ["contacts"],
        {"contact": str(contact.public_id), "status": "opted_out"},
    )
    actor = Actor("supplier", str(contact.public_id))
    recording.record(contact.contractor, [happening], actor=actor, now=now)
