from typing import Final

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from assessments.models.assessment import Assessment
from assessments.models.delegation import Delegation
from assessments.models.letter import OwedLetter
from contractors.models import Contractor
from events.owed import OwedQuerySet
from suppliers.models import Certification, Contact


class Mail(OwedLetter):
    """A letter owed to a contact. It covers one or more occasions."""

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    contact = models.ForeignKey(Contact, models.PROTECT)
    counted_on = models.DateField(null=True, blank=True)  # whose letter of that day it is

    objects = OwedQuerySet["Mail"].as_manager()

    def __str__(self) -> str:
        return f"mail #{self.pk}, attempt {self.attempt}"


class OccasionQuerySet(models.QuerySet["Occasion"]):
    def to_address(self, address: str | Lower) -> "OccasionQuerySet":
        """Whose letter goes there: a common one may be owed to another row of the same person."""
        return self.alias(to=Lower("mail__contact__email")).filter(to=address)

    def to_the_contact(self) -> "OccasionQuerySet":
        """Whose letter goes to who is in charge of its request now."""
        return self.to_address(Lower("assessment__contact__email"))


class Occasion(models.Model):
    """Why somebody is written to: a request, a certificate or a colleague's part in answering.

    The same comes once in a day.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation"
        FIRST_REMINDER = "first_reminder"  # by the timetable, as the next two
        SECOND_REMINDER = "second_reminder"
        AFTER_DUE = "after_due"
        REMINDER = "reminder"  # by hand
        EXTENDED = "extended"
        RETURNED = "returned"
        CONSULTATION = "consultation"  # the contractor wrote, proposed or decided
        READERS = "readers"  # who sees the answers was widened
        HANDED_OVER = "handed_over"  # to who is in charge from now on
        HANDED_OVER_COPY = "handed_over_copy"  # to who was, if wished
        CONFIRMATION = "confirmation"  # is asked of the responsible person
        DELEGATED = "delegated"  # to a colleague who is asked to answer some questions
        RECEIPT = "receipt"
        RECEIPT_COPY = "receipt_copy"  # to the responsible person, where that is somebody else
        CANCELLED = "cancelled"  # sorry, and nothing to do
        RESULT = "result"  # it may be looked at
        CERTIFICATE_EXPIRING = "certificate_expiring"
        CERTIFICATE_EXPIRED = "certificate_expired"
        CERTIFICATE_CONFIRM = "certificate_confirm"

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, null=True, blank=True, related_name="occasions"
    )
    certification = models.ForeignKey(
        Certification, models.CASCADE, null=True, blank=True, related_name="occasions"
    )
    delegation = models.ForeignKey(  # its index is below
        Delegation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="occasions",
        db_index=False,
    )
    mail = models.ForeignKey(Mail, models.PROTECT, related_name="occasions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    arose_on = models.DateField()
    # A `Reason` why its letter says nothing of it; empty where it does, or has yet to leave.
    left_out = models.CharField(max_length=11, blank=True, db_default="")

    objects = OccasionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "kind", "arose_on"], name="occasion_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["certification", "kind", "arose_on"],
                condition=Q(certification__isnull=False),
                name="certificate_occasion_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["delegation"],
                condition=Q(delegation__isnull=False),
                name="colleague_is_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(assessment__isnull=False, certification=None, delegation=None)
                | Q(assessment=None, certification__isnull=False, delegation=None)
                | Q(assessment=None, certification=None, delegation__isnull=False),
                name="occasion_has_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.arose_on}"


REMINDERS: Final = frozenset(
    {
        Occasion.Kind.FIRST_REMINDER, Occasion.Kind.SECOND_REMINDER, Occasion.Kind.AFTER_DUE,
        Occasion.Kind.REMINDER,
    }
)  # fmt: skip
ABOUT_CERTIFICATES: Final = frozenset(
    {
        Occasion.Kind.CERTIFICATE_EXPIRING, Occasion.Kind.CERTIFICATE_EXPIRED,
        Occasion.Kind.CERTIFICATE_CONFIRM,
    }
)  # fmt: skip
AUTOMATIC: Final = frozenset(  # nobody asked for these: at most four to a person about a request
    {Occasion.Kind.INVITATION, *REMINDERS} - {Occasion.Kind.REMINDER}
)
COPIES: Final = frozenset(  # to somebody besides the contact; their link would be another's
    {Occasion.Kind.RECEIPT_COPY, Occasion.Kind.HANDED_OVER_COPY}
)
ELSEWHERE: Final = COPIES | {
    Occasion.Kind.CONFIRMATION,
    Occasion.Kind.DELEGATED,
}  # not to the contact
LINKLESS: Final = COPIES | {Occasion.Kind.CANCELLED}  # nothing is left to open
FIRST: Final = frozenset({Occasion.Kind.INVITATION, Occasion.Kind.HANDED_OVER})
BY_ITSELF: Final = (  # nobody waits for these: each says how they are stopped
    REMINDERS | FIRST | {Occasion.Kind.CONFIRMATION, Occasion.Kind.DELEGATED}
)
