"""Sheets as people make them, and the call that imports one."""

import io
import uuid
from datetime import date

import xlsxwriter

from tests.evidence.sending import field, part, send_form

IMPORTS = "/api/v1/imports/"
HEADING = ["取引先コード", "認証", "登録番号", "有効期限"]


def csv(*rows, heading=HEADING, encoding="utf-8", delimiter=",", end="\r\n"):
    lines = [heading, *rows]
    return end.join(delimiter.join(map(str, line)) for line in lines).encode(encoding)


def xlsx(*rows, heading=HEADING, before=(), hidden=False, merged=None, **options):
    """Text as text, numbers as numbers, days as days; `=` begins a formula that came to 1."""
    to = io.BytesIO()
    with xlsxwriter.Workbook(to, {"in_memory": True, **options}) as book:
        if hidden:
            book.add_worksheet("隠し").hide()
        sheet = book.add_worksheet("一覧")
        sheet.activate()
        sheet.set_first_sheet()
        day = book.add_format({"num_format": "yyyy/m/d"})
        for number, cells in enumerate([*before, heading, *rows]):
            for place, cell in enumerate(cells):
                _write(sheet, number, place, cell, day)
        if merged:
            sheet.merge_range(*merged)
    return to.getvalue()


def _write(sheet, number, place, cell, day):
    if isinstance(cell, date):
        sheet.write_datetime(number, place, cell, day)
    elif isinstance(cell, tuple):  # a formula, and what it last came to
        sheet.write_formula(number, place, cell[0], None, cell[1])
    elif isinstance(cell, int | float):
        sheet.write_number(number, place, cell)
    elif cell is not None:
        sheet.write_string(number, place, cell)


def send(api, content, name="認証一覧.csv", *, dry_run=False, key=None, **fields):
    fields = {"kind": "certifications", **fields}
    return send_form(
        api,
        IMPORTS + ("?dry_run=true" if dry_run else ""),
        part(content, name),
        *(field(each, value) for each, value in fields.items()),
        **{"Idempotency-Key": key or str(uuid.uuid4())},
    )


def told(answer):
    """Row, pointer and code of each error."""
    return [(each["row"], each["pointer"], each["code"]) for each in answer.json()["errors"]]
