"""Rows of the tables of suppliers and contacts are stored: as by `registering`, set by set.

However many rows, the queries are the same. A supplier is known by its code, and where a row gives
none by its corporate number. What a row does not say stays as it is.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction

from contractors.marking import mark as _
from contractors.models import Contractor
from events import recording
from events.models import Kind, Operation
from events.operating import Outcome
from events.recording import Happening
from suppliers import owing, recognising, registering
from suppliers.importing import companies, planning, retracing
from suppliers.importing.heading import Fault
from suppliers.importing.planning import ARCHIVED, CHANGED, CREATED, UNCHANGED, UNKNOWN, Plan
from suppliers.importing.reading import Row, error
from suppliers.importing.retracing import Trail
from suppliers.models import Contact, Supplier
from suppliers.normalising import narrow
from suppliers.writing import By

PERSONAL: Final = ("name", "title", "department", "email", "phone", "language", "role")
NOT_ALONE: Final = Fault(
    "ambiguous", _("Several of your suppliers have this corporate number. Give the code as well.")
)
NO_CODE: Final = Fault("required", _("Give this supplier a code: it is not registered yet."))
NO_NAME: Final = Fault("required", _("Give this supplier a name: it is not registered yet."))


class Faulty(Exception):
    """The row cannot be stored."""

    def __init__(self, *faults: tuple[str, Fault]) -> None:
        super().__init__()
        self.faults = faults


@dataclass
class Known:
    """The suppliers that the rows name, and their contacts; what is created joins them."""

    by_code: dict[str, Supplier] = field(default_factory=dict)
    by_number: dict[str, list[Supplier]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[tuple[UUID, str], Contact] = field(default_factory=dict)

    def add(self, supplier: Supplier) -> None:
        self.by_code[supplier.code] = supplier
        if supplier.corporate_number:
            self.by_number[supplier.corporate_number].append(supplier)

    def supplier(self, values: dict[str, Any]) -> Supplier | None:
        """Exactly that code, or the same letters in 半角; without a code the number decides."""
        if "code" in values:
            code = values["code"]
            return self.by_code.get(code) or self.by_code.get(narrow(code))
        found = self.by_number[values["corporate_number"]]
        if len(found) > 1:
            raise Faulty(("corporate_number", NOT_ALONE))
        return found[0] if found else None


@dataclass
class Enrolled(Plan):
    """What is to be stored for rows of suppliers and contacts."""

    created: dict[UUID, Supplier] = field(default_factory=dict)
    changed: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    suppliers: dict[UUID, Supplier] = field(default_factory=dict)
    new_contacts: list[Contact] = field(default_factory=list)
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    trail: Trail = field(default_factory=Trail)

    def touch(self, supplier: Supplier, names: list[str]) -> None:
        if supplier.public_id not in self.created:
            self.suppliers[supplier.public_id] = supplier
            self.changed[supplier.public_id] |= set(names)

    def rated(self) -> list[Supplier]:
        """Those of which a rating would see another thing."""
        return [
            self.suppliers[key] for key, names in self.changed.items() if names & registering.RATED
        ]


@transaction.atomic
def enrol(operation: Operation, rows: Sequence[Row], *, register: bool, by: By) -> list[Outcome]:
    """Store these rows and say what became of each. One fault stores none, or leaves it out."""
    made = plan(operation.contractor, rows, register=register, hold=True, by=by)
    if made.faulty and not operation.only_good_rows:
        return planning.withheld(made.outcomes)
    _store(operation, made, by=by)
    return made.outcomes


def plan(
    contractor: Contractor, rows: Sequence[Row], *, register: bool, hold: bool = False, by: By
) -> Enrolled:
    """What would be stored, and all that is wrong. Changes nothing; two queries.

    Without `register` a supplier that is not known is a fault.
    """
    known, made = _known(contractor, rows, hold=hold), Enrolled()
    for row in rows:
        draft = Supplier(contractor=contractor, created_at=by.now, updated_at=by.now)
        made.outcomes.append(_outcome(row, known, made, draft if register else None))
    return made


def _known(contractor: Contractor, rows: Sequence[Row], *, hold: bool) -> Known:
    values = [row["values"] for row in rows]
    codes = {each["code"] for each in values if "code" in each}
    numbers = {each.get("corporate_number") for each in values if "code" not in each} - {None}
    named = models.Q(code__in=codes | {narrow(code) for code in codes})
    if numbers:
        named |= models.Q(corporate_number__in=numbers)
    found = Supplier.objects.of(contractor).filter(named).order_by("pk")
    if hold:
        found = found.select_for_update(no_key=True, of=("self",))
    known, by_pk = Known(), {}
    for supplier in found:
        known.add(supplier)
        by_pk[supplier.pk] = supplier
    for contact in Contact.objects.filter(supplier__in=by_pk).order_by("pk"):
        contact.supplier = by_pk[contact.supplier_id]
        known.contacts[contact.supplier.public_id, contact.email.lower()] = contact
    return known


def _outcome(row: Row, known: Known, made: Enrolled, draft: Supplier | None) -> Outcome:
    number = row["row"]
    if row["errors"]:
        return planning.faulty(number, row["errors"])
    try:
        status, supplier = _decide(row["values"], known, made, draft)
    except Faulty as refusal:
        faults = [error(number, name, fault) for name, fault in refusal.faults]
        return planning.faulty(number, faults)
    made.trail.rows.setdefault(supplier.public_id, number)
    about = ["supplier", str(supplier.public_id)]
    return {"row": number, "status": status, "subject": about, "errors": []}


def _decide(
    values: dict[str, Any], known: Known, made: Enrolled, draft: Supplier | None
) -> tuple[str, Supplier]:
    """Registered where it is not known; else changed, or as it was."""
    person = companies.person(values)
    supplier = known.supplier(values)
    if supplier is None:
        supplier = _registered(values, draft)
        made.created[supplier.public_id] = supplier
        known.add(supplier)
        _put_contact(supplier, person, known, made)
        return CREATED, supplier
    fields = companies.company(values) if draft else {}
    fields.pop("code", None)  # it may be spelled in another width
    names = [name for name, value in fields.items() if getattr(supplier, name) != value]
    if supplier.status == Supplier.Status.ARCHIVED and (names or _differs(supplier, person, known)):
        raise Faulty(("code", ARCHIVED))
    made.trail.supplier(supplier, names)
    for name in names:
        setattr(supplier, name, fields[name])
    added, changed = _put_contact(supplier, person, known, made)
    if added or changed:
        names.append("contacts")
    if not names:
        return UNCHANGED, supplier
    made.touch(supplier, names)
    return CREATED if added and draft is None else CHANGED, supplier


def _registered(values: dict[str, Any], draft: Supplier | None) -> Supplier:
    if draft is None:
        raise Faulty(("code" if "code" in values else "corporate_number", UNKNOWN))
    missing = [
        (name, fault)
        for name, fault in (("code", NO_CODE), ("name", NO_NAME))
        if name not in values
    ]
    if missing:
        raise Faulty(*missing)
    for name, value in companies.company(values).items():
        setattr(draft, name, value)
    draft.code = narrow(draft.code)
    return draft


def _differs(supplier: Supplier, person: dict[str, Any], known: Known) -> bool:
    if not person:
        return False
    old = known.contacts.get((supplier.public_id, person["email"].lower()))
    return old is None or any(getattr(old, name) != value for name, value in person.items())


def _put_contact(
    supplier: Supplier, person: dict[str, Any], known: Known, made: Enrolled
) -> tuple[bool, bool]:
    """By mail address, as in the API. Says whether one was added, or one was changed."""
    if not _differs(supplier, person, known):
        return False, False
    key = supplier.public_id, person["email"].lower()
    old = known.contacts.get(key)
    if old is None:
        new = Contact(contractor_id=supplier.contractor_id, supplier=supplier, **person)
        known.contacts[key] = new
        made.new_contacts.append(new)
        made.trail.added(supplier, new)
        return True, False
    made.trail.contact(supplier, old, person)
    for name, value in person.items():
        setattr(old, name, value)
    if old.pk:
        made.contacts[old.public_id] = old
    return False, True


def _store(operation: Operation, made: Enrolled, *, by: By) -> None:
    created, changed = list(made.created.values()), list(made.suppliers.values())
    if not created and not changed:
        return
    for supplier in (*created, *changed):
        supplier.updated_at, supplier.search_key = by.now, registering.findable(supplier)
    Supplier.objects.bulk_create(created)
    own = set().union(*made.changed.values()) & set(registering.WRITABLE)
    Supplier.objects.bulk_update(changed, [*sorted(own), "updated_at", "search_key"])
    recognising.recognise(made.new_contacts)
    Contact.objects.bulk_create(made.new_contacts)
    Contact.objects.bulk_update(made.contacts.values(), PERSONAL)
    retracing.keep(operation, made.trail, [*created, *changed], created=made.created, now=by.now)
    if rated := made.rated():
        owing.owe_rating(rated, now=by.now)
    happened = [Happening(Kind.SUPPLIER_CREATED, key) for key in made.created]
    happened += [
        Happening(Kind.SUPPLIER_UPDATED, key, sorted(names)) for key, names in made.changed.items()
    ]
    recording.record(operation.contractor, happened, actor=by.actor, now=by.now)
