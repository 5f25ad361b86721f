"""The rows of a CSV or a spreadsheet as text, numbered as the sheet numbers them.

Blank rows are left out and counted. Of a spreadsheet the first shown sheet is read, and of a
formula what it last came to: nothing is computed here.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import BinaryIO, Final

import python_calamine
from python_calamine import SheetTypeEnum, SheetVisibleEnum

from suppliers.evidence import office, texts, zips
from suppliers.evidence.kinds import MOST_ROWS, Unacceptable

TITLES: Final = 20  # rows that may stand above and in the heading
MOST_COLUMNS: Final = 50
BEGINNING: Final = 100_000  # characters in which the delimiter is looked for
LONGEST_CELL: Final = 2_000  # characters; the rest is cut off, and what is left is too long anyway
MOST_STORED_ROWS: Final = 100_000  # of one sheet's XML, blank ones included
ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
SHEETS: Final = "xl/worksheets/"
ENDS_OF_LINES: Final = re.compile(r"\s*[\r\n]+\s*")


def tabulate(file: BinaryIO, kind: str, to: BinaryIO) -> None:
    """Write a line `[number, [cell, …]]` of JSON for every row that is not blank."""
    rows: Iterator[Sequence[object]] = _of_sheet(file) if kind == "xlsx" else _of_text(file)
    count = 0
    for number, cells in enumerate(rows, start=1):
        shown = _shown(cells)
        if not shown:
            continue
        count += 1
        if count > MOST_ROWS + TITLES:
            raise Unacceptable("too-many-rows")
        if len(shown) > MOST_COLUMNS:
            raise Unacceptable("too-many-columns", row=number)
        to.write(json.dumps([number, shown], ensure_ascii=False).encode() + b"\n")


def _shown(cells: Iterable[object]) -> list[str]:
    """Trimmed, each on one line, without the empty ones at the end."""
    found = [ENDS_OF_LINES.sub(" ", _text(cell)[:LONGEST_CELL]).strip() for cell in cells]
    while found and not found[-1]:
        found.pop()
    return found


def _text(cell: object) -> str:
    """Whole numbers without a point; days as ISO 8601 writes them, whatever time they carry."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _of_text(file: BinaryIO) -> Iterator[list[str]]:
    text = texts.read(file)
    return texts.rows(text, _delimiter(text))


def _delimiter(text: str) -> str:
    """A tab where it parts the first lines into more cells than a comma does."""
    first = "\n".join(text[:BEGINNING].splitlines()[:TITLES])
    return "\t" if first.count("\t") > first.count(",") else ","


def _of_sheet(file: BinaryIO) -> Iterator[Sequence[object]]:
    office.inspect(file, "xlsx")
    _refuse_endless(file)
    file.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        sheet = book.get_sheet_by_index(_first_shown(book))
    except python_calamine.CalamineError as error:
        raise Unacceptable("office-incomplete") from error
    if sheet.total_width > MOST_COLUMNS:
        raise Unacceptable("too-many-columns", row=sheet.start[0] + 1 if sheet.start else 1)
    # Rows above the first filled one count: the numbers are those that the sheet shows.
    yield from sheet.to_python(skip_empty_area=False)


def _first_shown(book: python_calamine.CalamineWorkbook) -> int:
    for place, sheet in enumerate(book.sheets_metadata):
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            return place
    raise Unacceptable("no-sheet")


def _refuse_endless(file: BinaryIO) -> None:
    """Before all of it is held at once."""
    for entry in zips.entries(file):
        if not entry.filename.startswith(SHEETS):
            continue
        count = 0
        for piece in zips.inflate(file, entry):
            count += sum(1 for _row in ROW.finditer(piece))  # nearly all; a piece may end in one
            if count > MOST_STORED_ROWS:
                raise Unacceptable("too-many-rows")
