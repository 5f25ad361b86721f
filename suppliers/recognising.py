"""Who wanted no more mails gets none, wherever the contractor enters the address anew.

A mailbox that did not exist is tried again when it is entered: that is how a slip is mended.
"""

from collections.abc import Sequence

from suppliers.models import Contact

OPTED_OUT = Contact.Status.OPTED_OUT


def recognise(contacts: Sequence[Contact]) -> None:
    """To be called before these are stored, with their new addresses."""
    if not contacts:
        return
    stopped = Contact.objects.of_people(contacts).filter(status=OPTED_OUT)
    people = {(each.contractor_id, each.email.lower()) for each in stopped}
    for each in contacts:
        if (each.contractor_id, each.email.lower()) in people:
            each.status = OPTED_OUT
