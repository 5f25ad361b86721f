"""What is to be done by a contractor's people today, as querysets that know their contractor."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef

from assessments.models import OPEN, Assessment, Consultation, Mail, Occasion
from contractors.models import Contractor
from suppliers.models import Certification, Contact, Supplier

ENDS_WITHIN: Final = timedelta(days=14)


def of_day(today: date) -> Mapping[str, Any]:
    """By what it is: who waits for a word, what is to be decided, and so on, most urgent first."""
    return {
        "waiting": Consultation.objects.awaited(),
        "decisions": Assessment.objects.undecided(),
        "calls": Assessment.objects.to_phone(),
        "bounced": Assessment.objects.open().filter(contact__status=Contact.Status.BOUNCED),
        "given_up": _given_up(),
        "certificates": Certification.objects.living().filter(
            ~Exists(Certification.objects.living().filter(follows=OuterRef("pk"))),
            valid_until__range=(today, today + ENDS_WITHIN),
            supplier__status=Supplier.Status.ACTIVE,
        ),
    }


def counts(contractor: Contractor, today: date) -> dict[str, int]:
    """How many of each, of this contractor."""
    return {
        name: rows.filter(contractor=contractor).count() for name, rows in of_day(today).items()
    }


def _given_up() -> Any:
    """About requests that are still open, to people whom no later letter has reached."""
    about = Occasion.objects.filter(mail=OuterRef("pk"), assessment__status__in=OPEN, left_out="")
    later = Mail.objects.filter(contact=OuterRef("contact"), outcome="sent", pk__gt=OuterRef("pk"))
    return Mail.objects.filter(Exists(about), ~Exists(later), due_at=None, closed_at=None)
