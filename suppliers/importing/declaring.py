"""Rows of the table of certifications are declared and changed: as by `certifying`, set by set.

However many rows, the queries are the same. Suppliers are held in the order of their keys, as every
sweep does.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import translation

from contractors.errors import Refused
from contractors.marking import mark as _
from contractors.models import Contractor
from events import recording
from events.models import Kind, Operation
from events.operating import Outcome
from events.recording import Happening
from suppliers import certifying, owing, writing
from suppliers.certificates import Scheme
from suppliers.importing import planning
from suppliers.importing.heading import Fault
from suppliers.importing.planning import ARCHIVED, CHANGED, CREATED, UNCHANGED, UNKNOWN, Plan
from suppliers.importing.reading import Row, error
from suppliers.models import Certification, CertificationStep, Supplier
from suppliers.normalising import Unreadable, narrow
from suppliers.writing import STAMPED, Act, By

AGAIN: Final = Fault(
    "contradiction", _("Another row says something else of the same thing. Keep one of the two.")
)
DAYS: Final = ("issued_on", "valid_until")

Known = Mapping[tuple[int, str, str], list[Certification]]  # by supplier, scheme and number
Decision = tuple[str, Certification]  # what became of a row, and of which certification


class Contradicted(Exception):
    """A row before this one, under another spelling, is about the same certification."""


@dataclass
class Declared(Plan):
    """What is to be stored for rows of certifications."""

    created: list[Certification] = field(default_factory=list)
    changed: list[tuple[Certification, list[str]]] = field(default_factory=list)
    written: set[UUID] = field(default_factory=set)

    def create(self, row: Certification) -> None:
        self.created.append(row)
        self.written.add(row.public_id)

    def change(self, row: Certification, names: list[str]) -> None:
        self.changed.append((row, names))
        self.written.add(row.public_id)

    def holds(self, row: Certification) -> bool:
        return row.public_id in self.written

    def touched(self) -> list[Certification]:
        return [*self.created, *(row for row, _names in self.changed)]


@transaction.atomic
def declare(operation: Operation, rows: Sequence[Row], *, by: By) -> list[Outcome]:
    """Store these rows and say what became of each. One fault stores none, or leaves it out."""
    made = plan(operation.contractor, rows, hold=True, by=by)
    if made.faulty and not operation.only_good_rows:
        return planning.withheld(made.outcomes)
    _store(operation.contractor, made, by=by)
    return made.outcomes


def plan(contractor: Contractor, rows: Sequence[Row], *, hold: bool = False, by: By) -> Declared:
    """What would be stored, and all that is wrong. Changes nothing; two queries."""
    suppliers = _suppliers(contractor, rows, hold=hold)
    known = _known(suppliers.values())
    made = Declared()
    with translation.override(None):  # refusals are kept as they are written, translated when read
        made.outcomes.extend(_outcome(row, suppliers, known, made, by) for row in rows)
    return made


def _suppliers(contractor: Contractor, rows: Sequence[Row], *, hold: bool) -> dict[str, Supplier]:
    """By the code in the sheet: exactly that one, or the one of the same letters in 半角."""
    codes = {row["values"].get("supplier", "") for row in rows} - {""}
    wanted = codes | {narrow(code) for code in codes}
    found = Supplier.objects.of(contractor).filter(code__in=wanted).order_by("pk")
    if hold:
        found = found.select_for_update(no_key=True, of=("self",))
    by_code = {supplier.code: supplier for supplier in found}
    for supplier in by_code.values():
        supplier.contractor = contractor
    spelled = {code: by_code.get(code) or by_code.get(narrow(code)) for code in codes}
    return {code: supplier for code, supplier in spelled.items() if supplier}


def _known(suppliers: Iterable[Supplier]) -> Known:
    """Certifications that can still be changed, the newest first."""
    by_pk = {supplier.pk: supplier for supplier in suppliers}
    rows = Certification.objects.living().filter(supplier__in=by_pk).order_by("-pk")
    found: Known = defaultdict(list)
    for row in rows:
        row.supplier, row.contractor = by_pk[row.supplier_id], by_pk[row.supplier_id].contractor
        found[row.supplier_id, row.scheme, row.number].append(row)
    return found


def _outcome(
    row: Row, suppliers: Mapping[str, Supplier], known: Known, made: Declared, by: By
) -> Outcome:
    number, values = row["row"], row["values"]
    supplier, errors = suppliers.get(values.get("supplier", "")), list(row["errors"])
    if supplier is None and "supplier" in values:
        errors.append(error(number, "supplier", UNKNOWN))
    elif supplier and supplier.status == Supplier.Status.ARCHIVED:
        errors.append(error(number, "supplier", ARCHIVED))
    if errors or supplier is None:
        return planning.faulty(number, errors)
    try:
        status, certification = _decide(supplier, values, known, made, by)
    except Unreadable as refusal:
        fault = Fault(refusal.code, str(refusal))
        return planning.faulty(number, [error(number, "valid_until", fault)])
    except Contradicted:
        return planning.faulty(number, [error(number, "", AGAIN)])
    except Refused as refusal:
        return planning.faulty(number, [error(number, "", Fault(refusal.code, str(refusal)))])
    about = ["certification", str(certification.public_id)]
    return {"row": number, "status": status, "subject": about, "errors": []}


def _decide(
    supplier: Supplier, values: Mapping[str, str], known: Known, made: Declared, by: By
) -> Decision:
    """Unchanged where one of the living says the same, else the newest of them is changed."""
    scheme, fields = Scheme(values["scheme"]), _fields(values)
    same = known[supplier.pk, scheme.value, fields.get("number", "")]
    alike = [row for row in same if _is_of(row, fields)]
    for row in alike:
        if all(getattr(row, name) == value for name, value in fields.items()):
            return UNCHANGED, row
    if alike:
        return CHANGED, _revised(same, alike[0], fields, made)
    source = Certification.Source.IMPORT
    row = certifying.draft(supplier, scheme, fields, source=source, by=by)
    made.create(row)
    same.insert(0, row)
    return CREATED, row


def _revised(
    same: list[Certification], old: Certification, fields: Mapping[str, Any], made: Declared
) -> Certification:
    """The row as it will be, in the place of the old one."""
    if made.holds(old):
        raise Contradicted
    new = copy(old)  # what is refused half way must leave no trace
    names = certifying.revise(new, fields)
    made.change(new, names)
    same[same.index(old)] = new
    return new


def _fields(values: Mapping[str, str]) -> dict[str, Any]:
    written = {name: text for name, text in values.items() if name not in {"supplier", "scheme"}}
    return written | {name: date.fromisoformat(written[name]) for name in DAYS if name in written}


def _is_of(row: Certification, fields: Mapping[str, Any]) -> bool:
    """Without a number the body tells two of them apart, where both name one."""
    body = narrow(fields.get("body", ""))
    return bool(row.number) or not body or not row.body or narrow(row.body) == body


def _store(contractor: Contractor, made: Declared, *, by: By) -> None:
    touched = made.touched()
    if not touched:
        return
    for row in touched:
        writing.stamp(row, by=by)
    Certification.objects.bulk_create(made.created)
    changed = [row for row, _names in made.changed]
    Certification.objects.bulk_update(changed, [*certifying.REVISED, *STAMPED])
    declared = [_step(row, Act.DECLARED, {}, by) for row in made.created]
    revised = [_step(row, Act.CHANGED, {"changed": names}, by) for row, names in made.changed]
    CertificationStep.objects.bulk_create([*declared, *revised])
    owing.owe_rating({row.supplier for row in touched}, now=by.now)
    happened = [_declared(row) for row in made.created]
    happened += [writing.changed(row, Act.CHANGED) for row in changed]
    recording.record(contractor, happened, actor=by.actor, now=by.now)


def _step(row: Certification, act: Act, detail: dict[str, Any], by: By) -> CertificationStep:
    return CertificationStep(
        contractor_id=row.contractor_id,
        certification=row,
        act=act,
        at=by.now,
        actor=by.actor.plain(),
        detail=detail,
    )


def _declared(row: Certification) -> Happening:
    detail = {"scheme": row.scheme}
    return Happening(Kind.CERTIFICATION_DECLARED, row.public_id, detail=detail)
