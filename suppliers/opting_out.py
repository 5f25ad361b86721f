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
    """Also at every other supplier of this contractor at which the same address stands.

    Requests stay open and can still be answered. Safe to repeat.
    """
    rows = Contact.objects.of_person(contact).exclude(status=Contact.Status.OPTED_OUT)
    locked = rows.select_related("supplier").order_by("pk").select_for_update(of=("self",))
    stopped = list(locked)
    if not stopped:
        return
    Contact.objects.filter(pk__in=[row.pk for row in stopped]).update(
        status=Contact.Status.OPTED_OUT
    )
    recording.record(
        contact.contractor,
        [_happening(row) for row in stopped],
        actor=Actor("supplier", str(contact.public_id)),
        now=now,
    )


def _happening(row: Contact) -> Happening:
    return Happening(
        Kind.SUPPLIER_UPDATED,
        row.supplier.public_id,
        ["contacts"],
        {"contact": str(row.public_id), "status": "opted_out"},
    )
