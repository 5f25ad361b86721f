from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Final

from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Lower, Now
from django.utils import timezone

from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from suppliers.models.supplier import Supplier

NOBODY: Final = "@erased.invalid"  # leads nowhere (RFC 2606); before it stands the row's own id


class ContactQuerySet(OwnedQuerySet["Contact"]):
    def reachable(self) -> "ContactQuerySet":
        """Whom we may write to, the primary contact first, then who was there longest."""
        active = self.filter(status=Contact.Status.ACTIVE)
        first = Case(When(role=Contact.Role.PRIMARY, then=0), default=1)
        return active.order_by(first, "pk")

    def of_person(self, contact: "Contact") -> "ContactQuerySet":
        """The same address with the same contractor, also at another supplier."""
        return self.of_people([contact])

    def of_people(self, contacts: Iterable["Contact"]) -> "ContactQuerySet":
        """The same of several."""
        addresses: dict[int, set[str]] = defaultdict(set)
        for contractor, address in (each.person() for each in contacts):
            addresses[contractor].add(address)
        same = (Q(contractor=key, address__in=found) for key, found in addresses.items())
        return self.annotate(address=Lower("email")).filter(reduce(or_, same, Q(pk=None)))


class Contact(models.Model):
    """A person of the supplier whom we may write to."""

    class Role(models.TextChoices):
        PRIMARY = "primary"
        RESPONSIBLE = "responsible"
        OTHER = "other"

    class Language(models.TextChoices):
        JAPANESE = "ja"
        ENGLISH = "en"
        BOTH = "both"  # English below Japanese, in one letter

    class Status(models.TextChoices):
        ACTIVE = "active"
        BOUNCED = "bounced"
        OPTED_OUT = "opted_out"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=100, blank=True)
    email = models.EmailField()
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=4, choices=Language.choices, default=Language.JAPANESE)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.PRIMARY)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)

    # Brought up to date when the person may have been idle for long, not with every act.
    last_active_on = models.DateField(default=timezone.localdate, db_default=Now())
    erased_at = models.DateTimeField(null=True, blank=True)  # then nothing of the person is left

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "supplier", Lower("email"), name="contact_email_once_a_supplier"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(
                    name="",
                    title="",
                    department="",
                    phone="",
                    email__endswith=NOBODY,
                    status="opted_out",
                ),
                name="erased_contact_is_empty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["contractor", "last_active_on"],
                condition=Q(erased_at=None),
                name="contact_idle",
            ),
            models.Index("contractor", Lower("email"), name="contact_person"),
            models.Index(
                fields=["contractor"], condition=Q(status="bounced"), name="contact_bounced"
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.public_id}"

    def person(self) -> tuple[int, str]:
        """Who it is, at whichever supplier: a contractor's key and an address."""
        return self.contractor_id, self.email.lower()

    def languages(self) -> tuple[str, ...]:
        """Those of a letter to this person, from top to bottom; pages open in the first."""
        both = (self.Language.JAPANESE.value, self.Language.ENGLISH.value)
        return both if self.language == self.Language.BOTH else (self.language,)
