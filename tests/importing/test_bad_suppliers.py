"""Bad sheets of suppliers are refused with their reason, and leave nothing behind."""

import pytest

from events.models import Event, Operation
from suppliers.models import Contact, Supplier
from tests.evidence import making
from tests.evidence.measuring import measured
from tests.importing.companies import HEADING, happened, of
from tests.importing.sheets import csv, send, told, xlsx

ROW = ["K-1", "株式会社ほし", "a@x.example"]
SHEET = "xl/worksheets/sheet1.xml"


def nothing_is_left():
    kinds = Event.objects.filter(kind__startswith="supplier.")
    return not any(each.exists() for each in (Supplier.objects, Contact.objects, kinds))


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-32", "euc_jp", "iso2022_jp", "utf-7"]
)
def test_another_encoding_is_refused_instead_of_guessed(encoding, api):
    text = csv(ROW, heading=HEADING).decode()

    answer = send(api, text.encode(encoding), kind="suppliers")

    assert answer.status_code == 400
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/file"}
    assert all(each["detail"] for each in answer.json()["errors"])
    assert not Operation.objects.exists()
    assert nothing_is_left()


@pytest.mark.parametrize("broken", [b"\xe6\xa0", b"\x81", b"\xff\xfe", b"\x00", b"\xed\xa0\x80"])
def test_one_broken_letter_refuses_the_file(broken, api):
    content = csv(ROW, heading=HEADING).replace("ほし".encode(), broken)

    answer = send(api, content, kind="suppliers")

    assert answer.status_code == 400
    assert not Operation.objects.exists()


def test_rows_that_say_the_same_of_one_code_are_one_supplier(api, finished):
    ended = finished(of(api, ROW, ROW, ["Ｋ－１", "", ""]))

    assert (ended["counts"]["created"], ended["counts"]["unchanged"]) == (1, 2)
    assert Supplier.objects.count() == Contact.objects.count() == len(happened()) == 1


def test_a_code_doubled_with_another_name_stores_nothing_and_names_both_rows(api, finished):
    ended = finished(of(api, ROW, ["K-2", "月", ""], ["K-1", "別会社", ""]))

    assert (ended["status"], ended["counts"]["not_done"]) == ("failed", 2)
    [error] = ended["errors"]
    assert (error["row"], error["code"]) == (4, "contradiction")
    assert "2" in error["detail"]
    assert nothing_is_left()


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "＝", "\t=", '=HYPERLINK("http://x.example")']
)
def test_what_looks_like_a_formula_stays_the_text_that_it_is(sign, api, finished):
    name = sign.strip() + "cmd|'/c calc'!A0"

    ended = finished(
        send(api, xlsx(["K-1", name, ""], heading=HEADING), "a.xlsx", kind="suppliers")
    )

    assert ended["counts"]["created"] == 1, ended
    assert Supplier.objects.get().name == name


def test_a_formula_that_came_to_an_error_says_nothing(api):
    rows = [["K-1", ("=1/0", "#DIV/0!"), ""], ["K-2", ('="月"&1', "月1"), ""]]

    answer = send(api, xlsx(*rows, heading=HEADING), "a.xlsx", kind="suppliers", dry_run=True)

    assert told(answer) == [(2, "/rows/2/name", "required")]


def test_a_million_rows_take_no_more_memory_than_a_tenth_of_them():
    def csv_of(rows):
        return b"code,name\n" + b"K-1,x\n" * rows

    def xlsx_of(rows):
        lines = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(3, rows))
        with_lines = lines + "</sheetData>"
        return making.rewritten(xlsx(ROW, heading=HEADING), SHEET, "</sheetData>", with_lines)

    for write, kind in ((csv_of, "csv"), (xlsx_of, "xlsx")):
        few, many = (measured(write(rows), kind, "rows") for rows in (100_000, 1_000_000))

        assert few[0] == many[0] == "too-many-rows"
        assert many[1] < few[1] + 50, "megabytes"
