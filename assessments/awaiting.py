"""A supplier that was not answered for 10 business days is asked nothing until a person answers.

Ignoring or delaying talks about cost is what the act on fair subcontracting forbids.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.errors import TalksUnanswered
from assessments.models import Assessment, Consultation
from suppliers.models import Supplier

ADDRESS = "/api/v1/assessments/{request}/consultations/{thread}/"


def address(thread: Consultation) -> str:
    """Where a person reads it and answers."""
    ids = {"request": thread.assessment.public_id, "thread": thread.public_id}
    return settings.BASE_URL + ADDRESS.format(**ids)


def is_ignored(supplier: Supplier) -> bool:
    return _unanswered(supplier) is not None


def is_talking(supplier: Supplier) -> bool:
    """Whether anything is open between both sides, about whichever request."""
    rows = Consultation.objects.open().filter(contractor=supplier.contractor_id)
    return rows.filter(assessment__supplier=supplier).exists()


def check(supplier: Supplier) -> None:
    """Refuse to go on with this supplier before it has its answer."""
    _refuse(_unanswered(supplier))


def check_own(assessment: Assessment) -> None:
    """Refuse to take a request back, and with it the question that nobody answered."""
    _refuse(assessment.consultations.unanswered().select_related("assessment").first())


def _refuse(thread: Consultation | None) -> None:
    if thread is None:
        return
    raise TalksUnanswered(
        _(
            "This supplier has waited for an answer about request %(number)s for more than"
            " 10 business days. Let a person answer at %(address)s first, then repeat this."
        )
        % {"number": thread.assessment.readable_number(), "address": address(thread)},
        consultation=address(thread),
    )


def _unanswered(supplier: Supplier) -> Consultation | None:
    """The one that has waited longest."""
    rows = Consultation.objects.unanswered().filter(
        contractor=supplier.contractor_id, assessment__supplier=supplier
    )
    return rows.select_related("assessment").order_by("waiting_since").first()
