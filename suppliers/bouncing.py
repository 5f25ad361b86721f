"""A mailbox that does not exist gets no more letters, and the contractor is told."""

from datetime import datetime

from django.db import transaction

from contractors.actors import SYSTEM
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers.models import Contact


@transaction.atomic
def bounce(contact: Contact, *, now: datetime) -> None:
    """Also at every other supplier of this contractor at which the same address stands.

    Safe to repeat; who wants no mails stays so.
    """
    rows = Contact.objects.of_person(contact).filter(status=Contact.Status.ACTIVE)
    locked = rows.select_related("supplier").order_by("pk").select_for_update(of=("self",))
    gone = list(locked)
    if not gone:
        return
    Contact.objects.filter(pk__in=[row.pk for row in gone]).update(status=Contact.Status.BOUNCED)
    suppliers = dict.fromkeys(row.supplier.public_id for row in gone)
    happenings = [Happening(Kind.CONTACT_BOUNCED, each, ["contacts"]) for each in suppliers]
    recording.record(contact.contractor, happenings, actor=SYSTEM, now=now)
