"""A contractor keeps its suppliers: made, changed, put away, brought back. Without a real change
nothing is written and nothing happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from contractors.actors import Actor
from contractors.models import Contractor
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers import owing, recognising
from suppliers.errors import Archived, CodeTaken, EmailTaken
from suppliers.locking import lock
from suppliers.models import Contact, Supplier
from suppliers.normalising import search_key

Fields = Mapping[str, Any]

RATED: Final = {  # what the rating looks at, beside answers and certifications
    "handles_personal_data", *(f"exposure_{name}" for name in Supplier.EXPOSURE),
}  # fmt: skip

WRITABLE = (
    "code", "name", "name_kana", "corporate_number", "invoice_number", "industry", "size_class",
    "employees", "country", "language", "external_ids", "tags", "handles_personal_data",
    "exposure_confidential_information", "exposure_business_continuity",
    "exposure_system_access", "exposure_note", "toriteki", "freelance_act",
)  # fmt: skip


@transaction.atomic
def create(contractor: Contractor, fields: Fields, *, actor: Actor, now: datetime) -> Supplier:
    """`fields` are model fields, `contacts` a list of such. Refuses a code that is taken."""
    own, contacts = _apart(fields)
    try:
        with transaction.atomic():
            supplier = Supplier(contractor=contractor, created_at=now, updated_at=now, **own)
            supplier.search_key = findable(supplier)
            supplier.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(own["code"]) from error
    _merge_contacts(supplier, contacts)
    _happened(supplier, Kind.SUPPLIER_CREATED, (), actor=actor, now=now)
    return supplier


@transaction.atomic
def update(supplier: Supplier, fields: Fields, *, actor: Actor, now: datetime) -> Supplier:
    """Change only what `fields` names; contacts are matched by mail address."""
    supplier = lock(supplier)
    own, contacts = _apart(fields)
    changed = sorted(name for name, value in own.items() if getattr(supplier, name) != value)
    if changed and supplier.status == Supplier.Status.ARCHIVED:
        raise Archived(_("This supplier is archived. Restore it before you change it."))
    if "code" in changed:
        _refuse_taken(supplier, own["code"])
    for name in changed:
        setattr(supplier, name, own[name])
    if _merge_contacts(supplier, contacts):
        changed.append("contacts")
    if changed:
        _touch(supplier, now=now)
        if RATED & set(changed):
            owing.owe_rating([supplier], now=now)
        _happened(supplier, Kind.SUPPLIER_UPDATED, changed, actor=actor, now=now)
    return supplier


@transaction.atomic
def upsert(
    contractor: Contractor, code: str, fields: Fields, *, actor: Actor, now: datetime
) -> tuple[Supplier, bool]:
    """The supplier with this code, and whether it was made. Fields that are absent stay."""
    supplier = Supplier.objects.of(contractor).filter(code=code).first()
    if supplier is not None:
        return update(supplier, fields, actor=actor, now=now), False
    try:
        with transaction.atomic():
            return create(contractor, {**fields, "code": code}, actor=actor, now=now), True
    except CodeTaken:  # Somebody was faster.
        supplier = Supplier.objects.of(contractor).get(code=code)
        return update(supplier, fields, actor=actor, now=now), False


@transaction.atomic
def archive(supplier: Supplier, *, actor: Actor, now: datetime) -> Supplier:
    """Put away: kept with its history, asked no more. Safe to repeat."""
    return _set_status(supplier, Supplier.Status.ARCHIVED, Kind.SUPPLIER_ARCHIVED, actor, now)


@transaction.atomic
def restore(supplier: Supplier, *, actor: Actor, now: datetime) -> Supplier:
    """Bring back what was put away. Safe to repeat."""
    return _set_status(supplier, Supplier.Status.ACTIVE, Kind.SUPPLIER_RESTORED, actor, now)


@transaction.atomic
def add_contact(supplier: Supplier, fields: Fields, *, actor: Actor, now: datetime) -> Contact:
    supplier = lock(supplier)
    _refuse_known(supplier.contacts.all(), fields["email"])
    [contact] = _add(supplier, [fields])
    _touch(supplier, now=now)
    _happened(supplier, Kind.SUPPLIER_UPDATED, ["contacts"], actor=actor, now=now)
    return contact


@transaction.atomic
def change_contact(contact: Contact, fields: Fields, *, actor: Actor, now: datetime) -> Contact:
    supplier = lock(contact.supplier)
    if "email" in fields:
        _refuse_known(supplier.contacts.exclude(pk=contact.pk), fields["email"])
    if _change(contact, fields):
        _touch(supplier, now=now)
        _happened(supplier, Kind.SUPPLIER_UPDATED, ["contacts"], actor=actor, now=now)
    return contact


def _refuse_taken(supplier: Supplier, code: str) -> None:
    others = Supplier.objects.filter(contractor=supplier.contractor).exclude(pk=supplier.pk)
    if others.filter(code=code).exists():
        raise _taken(code)


def _refuse_known(others: models.QuerySet[Contact], email: str) -> None:
    if others.filter(email__iexact=email).exists():
        raise EmailTaken(_("This supplier has a contact with this mail address already."))


def _apart(fields: Fields) -> tuple[dict[str, Any], Sequence[Fields]]:
    own = dict(fields)
    return own, own.pop("contacts", ())


def _touch(supplier: Supplier, *, now: datetime) -> None:
    supplier.updated_at, supplier.search_key = now, findable(supplier)
    supplier.save(update_fields=[*WRITABLE, "updated_at", "search_key"])


def _merge_contacts(supplier: Supplier, contacts: Sequence[Fields]) -> bool:
    """By mail address: known ones are changed, new ones made, others left alone."""
    known = (
        {contact.email.lower(): contact for contact in supplier.contacts.all()} if contacts else {}
    )
    met = [(known.get(fields["email"].lower()), fields) for fields in contacts]
    changed = [_change(contact, fields) for contact, fields in met if contact]
    added = _add(supplier, [fields for contact, fields in met if not contact])
    return any(changed) or bool(added)


def _add(supplier: Supplier, contacts: Sequence[Fields]) -> list[Contact]:
    made = [
        Contact(contractor_id=supplier.contractor_id, supplier=supplier, **fields)
        for fields in contacts
    ]
    recognising.recognise(made)
    return Contact.objects.bulk_create(made)


def _change(contact: Contact, fields: Fields) -> bool:
    changed = [name for name, value in fields.items() if getattr(contact, name) != value]
    moved = "email" in changed and fields["email"].lower() != contact.email.lower()
    for name in changed:
        setattr(contact, name, fields[name])
    if moved:
        changed.append("status")
        _begin_anew(contact)
    if changed:
        contact.save(update_fields=changed)
    return bool(changed)


def _begin_anew(contact: Contact) -> None:
    """Another address is another mailbox; a person's wish to get no mails goes along."""
    held = Contact.objects.select_for_update(no_key=True)  # it may opt out at this moment
    contact.status = held.values_list("status", flat=True).get(pk=contact.pk)
    if contact.status == Contact.Status.BOUNCED:
        contact.status = Contact.Status.ACTIVE
    recognising.recognise([contact])


def _set_status(
    supplier: Supplier, status: Supplier.Status, kind: Kind, actor: Actor, now: datetime
) -> Supplier:
    supplier = lock(supplier)
    if supplier.status != status:
        supplier.status, supplier.updated_at = status, now
        supplier.save(update_fields=["status", "updated_at"])
        _happened(supplier, kind, (), actor=actor, now=now)
    return supplier


def findable(supplier: Supplier) -> str:
    """What a search looks in."""
    return search_key(supplier.name, supplier.name_kana, supplier.code, supplier.corporate_number)


def _happened(
    supplier: Supplier, kind: Kind, changed: Sequence[str], *, actor: Actor, now: datetime
) -> None:
    happening = Happening(kind, supplier.public_id, changed)
    recording.record(supplier.contractor, [happening], actor=actor, now=now)


def _taken(code: str) -> CodeTaken:
    return CodeTaken(_("You have another supplier with the code %(code)s.") % {"code": code})
