"""A sheet is read, checked, and owed to the workers; or only checked.

The file is opened in a process of its own and is gone with the request: what is kept are its rows.
Where one fault is to store nothing, the whole is checked before the first row is stored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile

from contractors.actors import Actor
from contractors.models import Contractor
from events import bell, operating
from events.models import Operation
from events.operating import Order, Outcome
from suppliers.evidence import isolating, kinds, naming, storing
from suppliers.evidence.kinds import Unacceptable
from suppliers.importing import declaring, enrolling, planning, reading, undoing
from suppliers.importing.certifications import CERTIFICATIONS
from suppliers.importing.companies import CONTACTS, SUPPLIERS
from suppliers.importing.planning import Plan
from suppliers.importing.reading import Row, Table
from suppliers.writing import By

OF_TEXT: Final = frozenset({"csv", "tsv", "txt"})


@dataclass(frozen=True)
class Import:
    """A kind of table, and what is done with its rows."""

    table: Table
    plan: Callable[..., Plan]
    act: Callable[..., list[Outcome]]

    @property
    def operation(self) -> str:
        """The kind of its operations."""
        return f"import.{self.table.kind}"


IMPORTS: Final = {
    each.table.kind: each
    for each in (
        Import(
            SUPPLIERS,
            partial(enrolling.plan, register=True),
            partial(enrolling.enrol, register=True),
        ),
        Import(
            CONTACTS,
            partial(enrolling.plan, register=False),
            partial(enrolling.enrol, register=False),
        ),
        Import(CERTIFICATIONS, declaring.plan, declaring.declare),
    )
}
ACTS: Final = {
    **{each.operation: each.act for each in IMPORTS.values()},
    **dict.fromkeys(undoing.KINDS.values(), undoing.undo),
}


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, and what kind of table they are."""

    kind: Import
    rows: list[Row]


def read(upload: "UploadedFile[Any]", kind: str) -> Sheet:
    """Raises `Unacceptable` for a file that is not taken, `Misheaded` for wrong columns."""
    wanted = IMPORTS[kind]
    with storing.received(upload) as sent:
        numbered = isolating.rows(sent.file, _kind(upload.name or ""))
    if not numbered:
        raise Unacceptable("table-empty")
    rows = reading.read(numbered, wanted.table)
    if not rows:
        raise Unacceptable("table-empty")
    if len(rows) > kinds.MOST_ROWS:
        raise Unacceptable("too-many-rows")
    return Sheet(wanted, rows)


def check(contractor: Contractor, sheet: Sheet, *, by: By) -> Plan:
    """What would become of each row. Changes nothing."""
    return sheet.kind.plan(contractor, sheet.rows, by=by)


def begin(contractor: Contractor, sheet: Sheet, *, only_good_rows: bool, by: By) -> Operation:
    """Owe the rows to the workers, or an operation that failed at once and says why."""
    order = Order(contractor, sheet.kind.operation, only_good_rows, by.actor)
    if not only_good_rows:
        checked = check(contractor, sheet, by=by)
        if checked.faulty:
            outcomes = planning.withheld(checked.outcomes)
            return operating.refuse(order, outcomes, now=by.now)
    operation = operating.begin(order, sheet.rows, now=by.now)
    bell.ring("suppliers.import_rows")
    return operation


def claim(*, now: datetime) -> list[Operation]:
    """The import, or undo of one, that waits longest, or none."""
    return operating.claim(ACTS.keys(), now=now)


def go_on(operation: Operation, *, now: datetime) -> None:
    """The next rows of what was claimed."""
    operating.go_on(operation, _act, now=now)


def _act(operation: Operation, rows: Sequence[Row], now: datetime) -> list[Outcome]:
    return ACTS[operation.kind](operation, rows, by=By(Actor(**operation.actor), now))


def _kind(name: str) -> str:
    extension = naming.extension(naming.shown(name))
    if extension in OF_TEXT:
        return "csv"
    kind = kinds.of_extension(extension)
    if kind != "xlsx":
        raise Unacceptable("no-table")
    return kind
