"""Open requests of which the contact hears nothing: a letter came back, or could not be sent.

Each row has `since`, the moment since when a person of the contractor should know.
"""

from typing import Final

from django.db.models import DateTimeField, Exists, F, OuterRef, Subquery
from django.db.models.functions import Cast, Coalesce

from assessments.models import Assessment, Mail, Occasion
from assessments.models.assessment import AssessmentQuerySet
from suppliers.models import Contact

GIVEN_UP: Final = {"mail__due_at": None, "mail__closed_at": None}
MORNING: Final = Cast("arose_on", DateTimeField())  # midnight of the server is nine in Japan


def bounced() -> AssessmentQuerySet:
    """The mailbox of the contact refuses mail for good."""
    came_back = Mail.objects.filter(contact=OuterRef("contact"), outcome="bounced")
    refused = Subquery(came_back.order_by("-closed_at").values("closed_at")[:1])
    rows = Assessment.objects.open().filter(contact__status=Contact.Status.BOUNCED)
    return rows.annotate(since=Coalesce(refused, F("requested_at")))


def unsent() -> AssessmentQuerySet:
    """No attempt to send a letter succeeded, and none later has reached the contact."""
    later = Mail.objects.filter(
        contact=OuterRef("mail__contact"), outcome="sent", pk__gt=OuterRef("mail")
    )
    given_up = Occasion.objects.to_the_contact().filter(
        ~Exists(later), assessment=OuterRef("pk"), left_out="", **GIVEN_UP
    )
    first = Subquery(given_up.order_by("pk").annotate(at=MORNING).values("at")[:1])
    rows = Assessment.objects.open().filter(contact__status=Contact.Status.ACTIVE)
    return rows.filter(Exists(given_up)).annotate(since=first)
