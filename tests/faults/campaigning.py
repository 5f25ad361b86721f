"""A contractor asks many suppliers: each is owed a mail."""

import datetime

from django.utils import timezone

from assessments import asking
from assessments.asking import Wish
from assessments.models import Mail
from contractors.actors import SYSTEM
from tests.factories import ContactFactory, ContractorFactory, official

SEND = "assessments.send_mail"


def ask(count, contractor=None):
    """Ask so many suppliers of one contractor, each at an address of its own."""
    contractor = contractor or ContractorFactory.create()
    contacts = ContactFactory.create_batch(count, contractor=contractor)
    return [
        asking.ask(contractor, wish(contact), send=True, actor=SYSTEM, now=timezone.now())
        for contact in contacts
    ]


def wish(contact):
    return Wish(
        supplier=contact.supplier,
        contact=contact,
        questionnaire=official("ipa-self-diagnosis"),
        due_on=timezone.localdate() + datetime.timedelta(days=30),
    )


def all_are_closed() -> bool:
    return not Mail.objects.filter(closed_at=None).exists()
