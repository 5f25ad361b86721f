"""The rows below a heading are read, each with all that is wrong with it.

Plain values in and out, no Django. What comes out can be kept as JSON.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from contractors.marking import mark as _
from suppliers.importing import heading
from suppliers.importing.heading import Column, Fault, Heading, Numbered

Values = dict[str, Any]  # as JSON holds them
Claim = tuple[tuple[str, ...], Mapping[str, Any]]  # a thing, and what a row says of it
Row = dict[str, Any]  # `row`, its number in the sheet; `values`; `errors`

UNNAMED: Final = Fault(
    "column-unnamed",
    _("This row has a value in a column without a name. Name the column or empty the cell."),
)
CONTRADICTION: Final = _(
    "Row %(other)d says something else of the same thing. Keep one of the two rows."
)


@dataclass(frozen=True)
class Table:
    """What can be imported. `read` gives the values of a row and faults by column."""

    kind: str
    columns: tuple[Column, ...]
    read: Callable[[Mapping[str, str]], tuple[Values, list[tuple[str, Fault]]]]
    claims: Callable[[Values], list[Claim]]  # what two rows must not say differently


@dataclass
class _Seen:
    """What is said of each thing, and in which row it was said first."""

    said: dict[tuple[str, ...], dict[str, tuple[Any, int]]] = field(default_factory=dict)

    def contradicts(self, row: int, claims: Sequence[Claim]) -> int | None:
        for thing, values in claims:
            known = self.said.setdefault(thing, {})
            for name, value in values.items():
                before, other = known.setdefault(name, (value, row))
                if before != value:
                    return other
        return None


def read(rows: Sequence[Numbered], table: Table) -> list[Row]:
    """Every row below the heading. Raises `Misheaded` where the columns are wrong."""
    found = heading.find(rows, table.columns)
    seen = _Seen()
    return [_row(number, cells, found, table, seen) for number, cells in rows if number > found.row]


def error(row: int, name: str, fault: Fault) -> dict[str, Any]:
    """As it is kept: the place, the code, and the sentence before it is translated."""
    pointer = f"/rows/{row}/{name}" if name else f"/rows/{row}"
    told = {"row": row, "pointer": pointer, "code": fault.code, "detail": fault.detail}
    return told | ({"values": fault.values} if fault.values else {})


def _row(number: int, cells: list[str], found: Heading, table: Table, seen: _Seen) -> Row:
    values, faults = table.read(_named(cells, found))
    row: Row = {"row": number, "values": values, "errors": []}
    if any(_unnamed(cells, found)):
        faults = [*faults, ("", UNNAMED)]
    if not faults and (other := seen.contradicts(number, table.claims(values))):
        faults = [("", Fault("contradiction", CONTRADICTION, {"other": other}))]
    row["errors"] = [error(number, name, fault) for name, fault in faults]
    return row


def _named(cells: list[str], found: Heading) -> dict[str, str]:
    pairs = zip(found.fields, cells, strict=False)
    return {name: cell for name, cell in pairs if name is not None}


def _unnamed(cells: list[str], found: Heading) -> Iterator[str]:
    """Cells that stand below no name, or beyond the last one."""
    for place, cell in enumerate(cells):
        if place >= len(found.fields) or found.fields[place] is None:
            yield cell
