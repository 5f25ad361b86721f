"""An import of suppliers and contacts is taken back within a day, where nobody went on from it.

An undo is an operation of its own. Suppliers that the import registered are removed, and what it
changed of others is as before; one that was changed or used since is a faulty row, told by the
number it had in the sheet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models, transaction
from django.utils.translation import gettext

from contractors.marking import mark as _
from events import bell, operating, recording
from events.errors import WrongStatus
from events.models import Kind, Operation
from events.operating import Order, Outcome
from events.recording import Happening
from suppliers import owing, registering
from suppliers.errors import NothingToUndo, NotUndoable, UndoTooLate
from suppliers.importing import planning
from suppliers.importing.heading import Fault
from suppliers.importing.planning import CHANGED, UNCHANGED, Plan
from suppliers.importing.reading import Row, error
from suppliers.importing.retracing import UNDOABLE
from suppliers.models import Contact, ImportChange, Supplier
from suppliers.writing import By

KINDS: Final = {f"import.{kind}": f"undo.{kind}" for kind in ("suppliers", "contacts")}
REMOVED: Final = "removed"
CHANGED_SINCE: Final = Fault(
    "changed-since",
    _("This supplier was changed after the import. It stays as it is now."),
)
IN_USE: Final = Fault(
    "in-use",
    _("This supplier or its contact has requests, certifications or files by now. Archive it."),
)


@dataclass
class Undone(Plan):
    """What is to be taken back."""

    changes: list[ImportChange] = field(default_factory=list)
    contacts: dict[str, Contact] = field(default_factory=dict)

    def kept(self) -> list[ImportChange]:
        """Those of suppliers that were there before."""
        return [change for change in self.changes if not change.created]

    def removed(self) -> list[ImportChange]:
        return [change for change in self.changes if change.created]


def check(operation: Operation, *, by: By) -> Plan:
    """What an undo would do to each supplier. Changes nothing, refuses as an undo would."""
    _refuse(operation, by=by)
    return _plan(operation, _rows(operation))


@transaction.atomic
def begin(operation: Operation, *, only_good_rows: bool, by: By) -> Operation:
    """Owe the undo to the workers, or one that failed at once and says why.

    Safe to repeat: while it runs, and when all is undone, the earlier one is given back.
    """
    held = Operation.objects.select_for_update(no_key=True, of=("self",)).get(pk=operation.pk)
    last = held.undos.order_by("-pk").first()
    rows = _rows(held)
    if last and (last.closed_at is None or not rows):
        return last
    _refuse(held, by=by)
    order = Order(held.contractor, KINDS[held.kind], only_good_rows, by.actor, undoes=held)
    planned = Plan() if only_good_rows else _plan(held, rows)
    if planned.faulty:
        return operating.refuse(order, planning.withheld(planned.outcomes), now=by.now)
    begun = operating.begin(order, rows, now=by.now)
    bell.ring("suppliers.import_rows")
    return begun


@transaction.atomic
def undo(operation: Operation, rows: Sequence[Row], *, by: By) -> list[Outcome]:
    """Take these back and say what became of each. One fault takes none, or leaves it out."""
    assert operation.undoes is not None
    made = _plan(operation.undoes, rows, hold=True)
    if made.faulty and not operation.only_good_rows:
        return planning.withheld(made.outcomes)
    if made.changes:
        _take_back(operation, made, by=by)
    return made.outcomes


def _refuse(operation: Operation, *, by: By) -> None:
    if operation.kind not in KINDS:
        raise NotUndoable(gettext("Only an import of suppliers or contacts can be undone."))
    if operation.closed_at is None:
        raise WrongStatus(
            gettext("This import has not ended yet. Cancel it, or wait until it has."),
            allowed=["succeeded", "failed", "cancelled"],
        )
    if by.now > operation.closed_at + UNDOABLE:
        raise UndoTooLate(gettext("An import can be undone for 24 hours after its end."))
    if not ImportChange.objects.filter(operation=operation).exists():
        raise NothingToUndo(gettext("This import changed nothing. There is nothing to undo."))


def _rows(operation: Operation) -> list[Row]:
    changes = operation.import_changes.order_by("row", "pk")
    return [
        {"row": row, "values": {"supplier": str(supplier)}, "errors": []}
        for row, supplier in changes.values_list("row", "supplier__public_id")
    ]


def _plan(imported: Operation, rows: Sequence[Row], *, hold: bool = False) -> Undone:
    """The queries are the same however many rows."""
    named = [row["values"]["supplier"] for row in rows]
    suppliers = _held(Supplier.objects.filter(public_id__in=named), hold=hold)
    changes = {
        change.supplier_id: change
        for change in ImportChange.objects.filter(operation=imported, supplier__in=suppliers)
    }
    contacts = _held(Contact.objects.filter(supplier__in=changes), hold=hold)
    created = [pk for pk, change in changes.items() if change.created]
    used = _used(Supplier, created, besides=(Contact, ImportChange))
    busy = _used(Contact, contacts)
    made = Undone(contacts={str(contact.public_id): contact for contact in contacts.values()})
    by_id = {str(supplier.public_id): supplier for supplier in suppliers.values()}
    for row in rows:
        supplier = by_id.get(row["values"]["supplier"])
        change = changes.get(supplier.pk) if supplier else None
        fault = None
        if supplier and change:
            change.supplier = supplier
            fault = _fault(change, made.contacts, used, busy)
        made.outcomes.append(_outcome(row, change, fault, made))
    return made


def _held(rows: models.QuerySet[Any], *, hold: bool) -> dict[int, Any]:
    """Held whole: nobody may begin to refer to a row that is about to go."""
    found = rows.order_by("pk")
    return {row.pk: row for row in (found.select_for_update(of=("self",)) if hold else found)}


def _used(
    model: type[models.Model], pks: Iterable[int], besides: Sequence[type[models.Model]] = ()
) -> set[int]:
    """Which of these are referred to by rows of other tables, whatever app has them."""
    asked = list(pks)
    first, *others = [
        relation.field.model._base_manager.filter(**{f"{relation.field.name}__in": asked})
        .order_by()
        .values_list(relation.field.attname)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.related_model not in besides
    ]
    return {pk for (pk,) in first.union(*others)}


def _fault(
    change: ImportChange, contacts: dict[str, Contact], used: set[int], busy: set[int]
) -> Fault | None:
    if change.supplier_id in used:
        return IN_USE
    if change.supplier.updated_at != change.left_at:
        return CHANGED_SINCE
    for key, before in change.contacts.items():
        contact = contacts.get(key)
        if contact is None or contact.erased_at or (before is None and contact.status != "active"):
            return CHANGED_SINCE
        if before is None and contact.pk in busy:
            return IN_USE
    return None


def _outcome(row: Row, change: ImportChange | None, fault: Fault | None, made: Undone) -> Outcome:
    number, status = row["row"], UNCHANGED
    if fault:
        return planning.faulty(number, [error(number, "", fault)])
    if change:
        made.changes.append(change)
        status = REMOVED if change.created else CHANGED
    about = ["supplier", row["values"]["supplier"]]
    return {"row": number, "status": status, "subject": about, "errors": []}


def _take_back(operation: Operation, made: Undone, *, by: By) -> None:
    kept, removed = made.kept(), made.removed()
    happened = [_restored(change, made.contacts, by) for change in kept]
    suppliers = [change.supplier for change in kept]
    own = {name for change in kept for name in change.before}
    Supplier.objects.bulk_update(suppliers, [*sorted(own), "updated_at", "search_key"])
    _put_contacts(made)
    if rated := [each.supplier for each in kept if registering.RATED & set(each.before)]:
        owing.owe_rating(rated, now=by.now)
    gone = [change.supplier for change in removed]
    ImportChange.objects.filter(pk__in=[change.pk for change in made.changes]).delete()
    Supplier.objects.filter(pk__in=[supplier.pk for supplier in gone]).delete()
    happened += [Happening(Kind.SUPPLIER_REMOVED, supplier.public_id) for supplier in gone]
    recording.record(operation.contractor, happened, actor=by.actor, now=by.now)


def _restored(change: ImportChange, contacts: dict[str, Contact], by: By) -> Happening:
    """Put the fields back. The caller saves."""
    supplier = change.supplier
    for name, value in change.before.items():
        setattr(supplier, name, value)
    for key, before in change.contacts.items():
        for name, value in (before or {}).items():
            setattr(contacts[key], name, value)
    supplier.updated_at, supplier.search_key = by.now, registering.findable(supplier)
    names = [*change.before, *(["contacts"] if change.contacts else [])]
    return Happening(Kind.SUPPLIER_UPDATED, supplier.public_id, sorted(names))


def _put_contacts(made: Undone) -> None:
    """Those of removed suppliers go with them, added ones go too, changed ones are as before."""
    changed: list[Contact] = []
    added: list[Contact] = []
    for change in made.kept():
        for key, before in change.contacts.items():
            (added if before is None else changed).append(made.contacts[key])
    named = {
        name for change in made.kept() for was in change.contacts.values() for name in was or ()
    }
    if changed:
        Contact.objects.bulk_update(changed, sorted(named))
    removed = [change.supplier_id for change in made.removed()]
    gone = models.Q(supplier__in=removed) | models.Q(pk__in=[contact.pk for contact in added])
    Contact.objects.filter(gone).delete()
