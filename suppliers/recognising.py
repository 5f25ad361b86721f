"""Who wanted no more mails gets none, wherever the contractor enters the address anew.

A mailbox that did not exist is tried again when it is entered: that is how a slip is mended.
"""

from collections.abc import Sequence

from suppliers.models import Contact


def recognise(contacts: Sequence[Contact]) -> None:
    """To be called before these are stored, with their new addresses."""
    if not contacts:
        return
    stopped = Contact.objects.of_people(contacts).filter(status=Contact.Status.OPTED_OUT)
    people = {each.person() for each in stopped}
    for each in contacts:
        if each.person() in people:
            each.status = Contact.Status.OPTED_OUT
