"""Whom a letter about a certificate goes to, and whether it still says something."""

from datetime import date

from assessments.locking import with_related
from assessments.models import LIVING, Assessment, Occasion
from suppliers.models import Certification, Contact, Status, Supplier

Kind = Occasion.Kind


def request_of(supplier: Supplier) -> Assessment | None:
    """The newest request whose link leads somewhere, and whose contact may be written to."""
    living = Assessment.objects.filter(
        supplier=supplier, status__in=LIVING, contact__status=Contact.Status.ACTIVE
    )
    return with_related(living).order_by("-pk").first()


def recipient(supplier: Supplier) -> Contact | None:
    """Whoever was asked last, otherwise the first who can be reached."""
    if supplier.status != Supplier.Status.ACTIVE:
        return None
    if asked := request_of(supplier):
        return asked.contact
    return supplier.contacts.reachable().first()


def still_true(certification: Certification, kind: Occasion.Kind, *, today: date) -> bool:
    """Renewed, taken back or changed meanwhile means no letter."""
    if certification.followers.living().exists():
        return False
    status = certification.status_on(today)
    if kind is Kind.CERTIFICATE_EXPIRED:
        return status is Status.EXPIRED
    if status not in {Status.DECLARED, Status.VERIFIED, Status.RENEWAL_PENDING}:
        return False
    asked_on = certification.reconfirm_on
    return kind is Kind.CERTIFICATE_EXPIRING or (asked_on is not None and asked_on <= today)
