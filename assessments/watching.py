"""Whom a letter about a certificate goes to, and whether it still says something."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from assessments.locking import with_related
from assessments.models import LIVING, Assessment, Occasion
from suppliers.models import Certification, Contact, Status, Supplier

Kind = Occasion.Kind


def request_of(supplier: Supplier) -> Assessment | None:
    """The newest request whose link leads somewhere, and whose contact may be written to."""
    return with_related(_living().filter(supplier=supplier)).order_by("-pk").first()


def recipients(suppliers: Collection[int]) -> dict[int, Contact]:
    """By supplier: whoever was asked last, otherwise the first who can be reached."""
    theirs = Q(supplier__in=suppliers, supplier__status=Supplier.Status.ACTIVE)
    asked = _living().filter(theirs).order_by("supplier", "-pk").distinct("supplier")
    found = {row.supplier_id: row.contact for row in asked.select_related("contact")}
    for contact in Contact.objects.filter(theirs).exclude(supplier__in=found).reachable():
        found.setdefault(contact.supplier_id, contact)
    return found


def _living() -> QuerySet[Assessment]:
    return Assessment.objects.filter(status__in=LIVING, contact__status=Contact.Status.ACTIVE)


def still_true(certification: Certification, kind: Occasion.Kind, *, today: date) -> bool:
    """Renewed, taken back or changed meanwhile means no letter."""
    followed = certification.followers.living().exists()
    return not followed and holds(certification, kind, today=today)


def holds(certification: Certification, kind: Occasion.Kind, *, today: date) -> bool:
    """The same of one that no other follows."""
    status = certification.status_on(today)
    if kind is Kind.CERTIFICATE_EXPIRED:
        return status is Status.EXPIRED
    if status not in {Status.DECLARED, Status.VERIFIED, Status.RENEWAL_PENDING}:
        return False
    asked_on = certification.reconfirm_on
    return kind is Kind.CERTIFICATE_EXPIRING or (asked_on is not None and asked_on <= today)
