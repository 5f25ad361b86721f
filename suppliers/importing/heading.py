"""The row that names the columns: found below titles, read in Japanese and English.

Plain values in and out, no Django.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from contractors.marking import mark as _

TITLES: Final = 20  # rows in which the heading is looked for
SHOWN: Final = 40  # characters of a name that an error repeats
IN_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
SIGNS: Final = re.compile(r"[\s_\-・/※*.:]")

Numbered = tuple[int, list[str]]  # the row's number in the sheet, and its cells


@dataclass(frozen=True)
class Column:
    """`name` is that of the API's field, `title` what an error calls it."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Heading:
    """Where the heading stands, and the name of the field in each place; None has no name."""

    row: int
    fields: tuple[str | None, ...]


@dataclass(frozen=True)
class Fault:
    """`detail` is a sentence for the catalogue, with places for `values`."""

    code: str
    detail: str
    values: dict[str, int | str] = field(default_factory=dict)


class Misheaded(Exception):
    """The columns are not those of this table; all that is wrong with them, at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


def find(rows: Sequence[Numbered], columns: Sequence[Column]) -> Heading:
    """The first row that names all required columns, else the first row. Refuses wrong names."""
    known = {
        squeeze(name): column
        for column in columns
        for name in (column.name, column.title, *column.aliases)
    }
    required = {column for column in columns if column.required}
    named = {
        number: [known.get(squeeze(cell)) for cell in cells] for number, cells in rows[:TITLES]
    }
    chosen = next((number for number in named if required <= set(named[number])), rows[0][0])
    if faults := list(_faults(dict(rows[:TITLES])[chosen], named[chosen], required)):
        raise Misheaded(faults)
    return Heading(chosen, tuple(each.name if each else None for each in named[chosen]))


def squeeze(name: str) -> str:
    """A name without what people vary: width, case, spaces, signs, remarks in brackets."""
    shown = unicodedata.normalize("NFKC", name).casefold()
    return SIGNS.sub("", IN_BRACKETS.sub("", shown))


def _faults(
    cells: Sequence[str], named: Sequence[Column | None], required: set[Column]
) -> Iterator[Fault]:
    for missing in sorted(required - set(named), key=lambda each: each.name):
        yield Fault(
            "column-missing",
            _("The column %(title)s (%(name)s) is missing. Add it to the heading."),
            {"title": missing.title, "name": missing.name},
        )
    for twice in dict.fromkeys(each for each in named if each and named.count(each) > 1):
        doubled = [cell for cell, each in zip(cells, named, strict=True) if each is twice]
        yield Fault(
            "column-doubled",
            _("These columns mean the same: %(names)s. Keep one of them."),
            {"names": ", ".join(each[:SHOWN] for each in doubled)},
        )
    for cell, column in zip(cells, named, strict=True):
        if cell and column is None:
            yield Fault(
                "column-unknown",
                _("The column %(name)s is not known here. Rename it or take it out."),
                {"name": cell[:SHOWN]},
            )
