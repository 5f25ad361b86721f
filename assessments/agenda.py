"""What is to be done by a contractor's people today, as querysets that know their contractor."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef

from assessments import unreached
from assessments.models import Assessment, Consultation
from contractors.models import Contractor
from suppliers.models import Certification, Supplier

ENDS_WITHIN: Final = timedelta(days=14)


def of_day(today: date) -> Mapping[str, Any]:
    """By what it is: who waits for a word, what is to be decided, and so on, most urgent first."""
    return {
        "waiting": Consultation.objects.awaited(),
        "decisions": Assessment.objects.undecided(),
        "calls": Assessment.objects.to_phone(),
        "bounced": unreached.bounced(),
        "unsent": unreached.unsent(),
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
