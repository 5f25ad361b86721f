"""What sheets look like in offices: encodings, titles, dates, formulas, and broken things."""

from datetime import date, datetime

import pytest

from suppliers.evidence import kinds
from suppliers.models import Certification
from tests.evidence import making
from tests.evidence.hostile import LAUGHS
from tests.evidence.measuring import measured
from tests.factories import SupplierFactory
from tests.importing.sheets import HEADING, csv, send, told, xlsx

ROW = ["K-001", "ISMS", "IS 1", "2027-03-31"]
LAST = date(2027, 3, 31)


@pytest.fixture(autouse=True)
def supplier(contractor):
    return SupplierFactory.create(contractor=contractor, code="K-001")


@pytest.fixture
def stored(api, strike):
    """The one certificate that a sheet became."""

    def stored(content, name="a.csv"):
        answer = send(api, content, name)
        assert answer.status_code == 202, answer.json()
        strike()
        operation = api.get(answer["Location"]).json()
        assert operation["status"] == "succeeded", operation
        return Certification.objects.get()

    return stored


def refusals(answer):
    assert answer.status_code == 400, answer.json()
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/file"}
    return [each["code"] for each in answer.json()["errors"]]


SIGNS = "㈱﨑①工場"
SHEETS = {
    "UTF-8": ("a.csv", lambda row: csv(row)),
    "UTF-8 with BOM": ("a.csv", lambda row: csv(row, encoding="utf-8-sig")),
    "CP932": ("a.csv", lambda row: csv(row, encoding="cp932")),
    "tabs in CP932": ("a.txt", lambda row: csv(row, delimiter="\t", encoding="cp932")),
    "tabs": ("a.tsv", lambda row: csv(row, delimiter="\t", end="\n")),
    "old ends of lines": ("a.csv", lambda row: csv(row, end="\r")),
    "a spreadsheet": ("a.xlsx", lambda row: xlsx(row)),
    "a title above": ("a.xlsx", lambda row: xlsx(row, before=[["認証一覧"], []])),
    "a merged title above": (
        "a.xlsx",
        lambda row: xlsx(row, before=[[], []], merged=("A1:D1", "認証一覧", None)),
    ),
    "a hidden sheet before": ("a.xlsx", lambda row: xlsx(row, hidden=True)),
}


@pytest.mark.parametrize("sheet", SHEETS)
def test_it_is_read_whatever_office_program_wrote_it(sheet, stored):
    name, write = SHEETS[sheet]

    row = stored(write(["K-001", "ISMS", SIGNS, "2027-03-31"]), name)

    assert (row.number, row.valid_until) == ("(株)﨑1工場", LAST)


@pytest.mark.parametrize(
    "heading",
    [
        ["supplier", "scheme", "number", "valid_until"],
        ["Supplier Code", "Certification", "Certificate No.", "Expiry Date"],
        ["取引先 コード", "認証※", "登録番号(半角)", "有効期限(満了日)"],
        ["取引先ＣＤ", "認証の種類", "認証登録番号", "満了日"],
        ["valid to", "number", "scheme", "vendor code"],
    ],
)
def test_columns_have_many_names_and_any_order(heading, stored):
    row = ROW if heading[0] != "valid to" else ROW[::-1]

    assert stored(csv(row, heading=heading)).valid_until == LAST


def test_everything_that_a_sheet_can_say_is_stored(stored):
    heading = [
        "取引先コード", "取引先名", "認証", "登録番号", "認証機関", "適用範囲", "取引の範囲", "版",
        "認定機関", "発行日", "有効期限", "備考",
    ]  # fmt: skip
    row = [
        "K-001", "だれか", "ISMS", "IS 1", "機関", "本社", "はい", "JIS Q 27001:2023", "ISMS-AC",
        "令和6年4月1日", "R9.3末", "-",
    ]  # fmt: skip

    made = stored(csv(row, heading=heading))

    assert (made.body, made.scope, made.scope_covers) == ("機関", "本社", "yes")
    assert (made.edition, made.accreditation, made.note) == ("2022", "ISMS-AC", "")
    assert (made.issued_on, made.valid_until) == (date(2024, 4, 1), LAST)


def test_the_edition_may_stand_behind_the_scheme(stored):
    made = stored(csv(["K-001", "ISO/IEC 27001:2013", "", "2027-03-31"]))

    assert (made.scheme, made.edition) == ("isms", "2013")


@pytest.mark.parametrize("first", [1900, 1904])
@pytest.mark.parametrize("day", [LAST, datetime(2027, 3, 31, 9, 30)])  # noqa: DTZ001  # cells have no zone
def test_cells_with_dates_are_days_in_both_calendars_of_spreadsheets(first, day, stored):
    sheet = xlsx(["K-001", "ISMS", 12345.0, day], date_1904=first == 1904)

    made = stored(sheet, "a.xlsx")

    assert (made.number, made.valid_until) == ("12345", LAST)


def test_of_a_formula_what_it_last_came_to_is_read(stored):
    made = stored(
        xlsx(["K-001", "ISMS", ('="IS "&1', "IS 1"), ("=TODAY()", "2027-03-31")]), "a.xlsx"
    )

    assert (made.number, made.valid_until) == ("IS 1", LAST)


def test_in_a_csv_a_formula_is_text(stored):
    assert stored(csv(["K-001", "ISMS", "=1+1", ""])).number == "=1+1"


def test_a_cell_may_hold_several_lines(stored):
    heading = [*HEADING, "適用範囲"]

    made = stored(csv([*ROW, '"本社\n第一工場, 第二工場"'], heading=heading))

    assert made.scope == "本社 第一工場, 第二工場"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_errors_have_the_row_numbers_of_the_sheet(name, api):
    bad = ["K-001", "ISMS", "", "2027-02-31"]
    blank = ["", "", "", ""]
    if name == "a.csv":
        sheet = csv(blank, ["K-001", "ISMS", '"a\nb"', ""], [], bad, blank, bad)
    else:
        sheet = xlsx(blank, ["K-001", "ISMS", "a\nb", ""], [], bad, blank, bad)

    answer = send(api, sheet, name, dry_run=True)

    assert told(answer) == [
        (5, "/rows/5/valid_until", "no-such-day"),
        (7, "/rows/7/valid_until", "no-such-day"),
    ]


def test_a_value_without_the_name_of_a_column_is_an_error(api):
    rows = [[*ROW, "beyond"], ROW]

    for sheet, name in ((csv(*rows), "a.csv"), (xlsx(*rows), "a.xlsx")):
        answer = send(api, sheet, name, dry_run=True)

        assert told(answer) == [(2, "/rows/2", "column-unnamed")]


HEADINGS = {
    "nothing of ours": (["a", "b"], ["column-missing"] * 2 + ["column-unknown"] * 2),
    "no scheme": (["取引先コード", "登録番号"], ["column-missing"]),
    "one twice": ([*HEADING, "満了日"], ["column-doubled"]),
    "one more": ([*HEADING, "電話番号"], ["column-unknown"]),
}


@pytest.mark.parametrize("case", HEADINGS)
def test_wrong_columns_are_named(case, api):
    heading, codes = HEADINGS[case]

    answer = send(api, csv(ROW, heading=heading))

    assert refusals(answer) == codes
    if case == "one more":
        assert "電話番号" in answer.json()["errors"][0]["detail"]
    if case == "one twice":
        assert "有効期限, 満了日" in answer.json()["errors"][0]["detail"]


SHEET = "xl/worksheets/sheet1.xml"
BROKEN = {
    "nothing": (b"", "a.csv", "empty"),
    "blank lines": (b"\n\n \n", "a.csv", "table-empty"),
    "only a heading": (csv(), "a.csv", "table-empty"),
    "only a heading in a spreadsheet": (xlsx(), "a.xlsx", "table-empty"),
    "UTF-16": (csv(ROW, encoding="utf-16"), "a.csv", "text-wide"),
    "EUC-JP and more": (csv(ROW).replace(b"IS 1", b"\xff\xfd\x80"), "a.csv", "text-encoding"),
    "NUL": (csv(ROW).replace(b"IS 1", b"IS\x001"), "a.csv", "no-text"),
    "an open quotation mark": (csv(["K-001", '"ISMS', "", ""]), "a.csv", "csv-broken"),
    "a web page": (b"<!DOCTYPE html><html><script>1</script></html>", "a.csv", "text-of-machines"),
    "51 columns": (csv([*ROW, *"x" * 47]), "a.csv", "too-many-columns"),
    "51 columns in a spreadsheet": (xlsx([*ROW, *"x" * 47]), "a.xlsx", "too-many-columns"),
    "16,384 columns": (xlsx([*ROW, *[None] * 16_379, "x"]), "a.xlsx", "too-many-columns"),
    "10,001 rows": (csv(*[ROW] * 10_001), "a.csv", "too-many-rows"),
    "a text called a spreadsheet": (csv(ROW), "a.xlsx", "kind-mismatch"),
    "a spreadsheet called a text": (xlsx(ROW), "a.csv", "kind-mismatch"),
    "an old spreadsheet": (making.container("Workbook"), "a.xls", "outdated-format"),
    "a spreadsheet with macros": (xlsx(ROW), "a.xlsm", "macros"),
    "a document": (making.document(), "a.docx", "no-table"),
    "no kind": (csv(ROW), "a", "kind-unknown"),
    "a locked spreadsheet": (
        making.container("EncryptionInfo", "EncryptedPackage"), "a.xlsx", "locked-office",
    ),
    "a bomb": (
        making.changed(xlsx(ROW), {"xl/more.xml": b"<a>" + b"x" * 99_000_000 + b"</a>"}),
        "a.xlsx", "zip-bomb",
    ),
    "a billion laughs": (making.changed(xlsx(ROW), {SHEET: LAUGHS}), "a.xlsx", "xml-entities"),
    "a part of it": (xlsx(ROW)[:-100], "a.xlsx", "cut-off"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_sheet_is_refused_with_its_reason_and_nothing_is_owed(case, api):
    content, name, code = BROKEN[case]

    answer = send(api, content, name)

    assert refusals(answer) == [code]
    assert answer.json()["errors"][0]["detail"]
    assert api.get("/api/v1/operations/").json()["results"] == []


def test_two_corners_of_the_largest_sheet_cost_no_memory(api):
    cell = (
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    with_corner = making.rewritten(xlsx(ROW), SHEET, "</sheetData>", cell)

    answer = send(api, with_corner, "a.xlsx")

    assert refusals(answer) in (["too-heavy"], ["too-many-columns"])


def test_a_million_rows_are_refused_within_the_bounds_of_memory():
    line = b"K-001,ISMS,1,\n"
    text = ",".join(HEADING).encode() + b"\n" + line * 1_000_000
    assert len(text) < kinds.MOST_BYTES
    sheet = making.rewritten(
        xlsx(ROW), SHEET, "</sheetData>",
        "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(3, 1_000_000))
        + "</sheetData>",
    )  # fmt: skip

    for content, kind in ((text, "csv"), (sheet, "xlsx")):
        code, megabytes, _seconds = measured(content, kind, "rows")

        assert code == "too-many-rows"
        assert megabytes < 300
