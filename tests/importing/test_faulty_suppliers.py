"""What is wrong with a sheet of suppliers is told by row, before anything is stored."""

from events.models import Operation
from suppliers.models import Contact, Supplier
from tests.factories import SupplierFactory
from tests.importing.companies import HEADING, happened, of
from tests.importing.sheets import send, told, xlsx


def test_a_dry_run_counts_what_is_new_changed_the_same_and_wrong(api, contractor):
    old = SupplierFactory.create(contractor=contractor, code="OLD", name="前の名")
    SupplierFactory.create(contractor=contractor, code="SAME", name="同じ")
    rows = [
        ["NEW", "新しい", ""], ["OLD", "次の名", ""], ["SAME", "同じ", ""], ["BAD", "x", "a@"],
        ["", "名だけ", ""],
    ]  # fmt: skip

    preview = of(api, *rows, dry_run=True)

    assert preview.status_code == 200
    assert preview.json()["counts"] == {
        "created": 1, "changed": 1, "unchanged": 1, "removed": 0, "faulty": 2, "not_done": 0,
        "asked": 0, "unasked": 0,
    }  # fmt: skip
    assert told(preview) == [
        (5, "/rows/5/contact_email", "invalid"), (6, "/rows/6/code", "required"),
    ]  # fmt: skip
    old.refresh_from_db()
    assert old.name == "前の名"
    assert not happened()
    assert not Operation.objects.exists()


def test_rows_that_contradict_each_other_are_not_guessed_about(api):
    answer = of(api, ["K-1", "星", ""], ["K-1", "月", ""], dry_run=True)

    assert told(answer) == [(3, "/rows/3", "contradiction")]


def test_all_faults_of_a_row_come_at_once_with_sentences(api):
    heading = [*HEADING, "業種", "従業員数", "規模", "法人番号", "個人情報", "電話", "担当者"]
    row = ["K" * 51, "x" * 201, "", "E 建設業", "多数", "巨大", "123", "たぶん", "内線", "星"]

    answer = of(api, row, heading=heading, dry_run=True)

    assert {(each[1].rpartition("/")[2], each[2]) for each in told(answer)} == {
        ("code", "max-length"), ("name", "max-length"), ("industry", "invalid-choice"),
        ("employees", "invalid"), ("size_class", "invalid-choice"),
        ("corporate_number", "invalid"), ("handles_personal_data", "invalid-choice"),
        ("contact_phone", "invalid"), ("contact_email", "required"),
    }  # fmt: skip
    assert all(each["detail"] for each in answer.json()["errors"])


def test_an_archived_supplier_is_read_only_but_may_stand_in_the_sheet(api, contractor):
    for code in ("A", "B"):
        SupplierFactory.create(contractor=contractor, code=code, name="星", status="archived")

    answer = of(api, ["A", "星", ""], ["B", "月", ""], dry_run=True)

    assert told(answer) == [(3, "/rows/3/code", "supplier-archived")]
    assert answer.json()["counts"]["unchanged"] == 1


def test_text_that_looks_like_a_formula_is_kept_as_text_and_a_formula_as_its_value(api, finished):
    rows = [["K-1", "=1+1", "@SUM"], ["K-2", ("=1+1", "計算"), "x"]]

    finished(send(api, xlsx(*rows, heading=["code", "name", "note"]), "a.xlsx", kind="suppliers"))

    assert list(Supplier.objects.order_by("code").values_list("name", "exposure_note")) == [
        ("=1+1", "@SUM"), ("計算", "x"),
    ]  # fmt: skip


def test_of_a_thousand_rows_with_37_faults_963_are_stored_where_that_is_wanted(api, finished):
    rows, bad = thousand()
    sheet = xlsx(*rows, heading=HEADING)
    preview = send(api, sheet, "a.xlsx", kind="suppliers", dry_run=True).json()
    assert [each["row"] for each in preview["errors"]] == bad
    refused = finished(send(api, sheet, "a.xlsx", kind="suppliers"))
    assert (refused["status"], refused["counts"]["faulty"]) == ("failed", 37)
    assert not Supplier.objects.exists()

    ended = finished(send(api, sheet, "a.xlsx", kind="suppliers", only_good_rows="true"))

    assert ended["counts"] == preview["counts"]
    assert (ended["counts"]["created"], ended["counts"]["faulty"]) == (963, 37)
    assert Supplier.objects.count() == Contact.objects.count() == len(happened()) == 963


def thousand():
    """A thousand rows below the heading, and the numbers of the 37 faulty ones among them."""
    bad = list(range(5, 5 + 37 * 27, 27))
    rows = []
    for number in range(2, 1002):
        row = [f"S{number:04}", f"会社{number}", f"s{number}@x.example"]
        if number in bad:
            place, wrong = [(0, "-"), (1, ""), (2, "@@")][number % 3]
            row[place] = wrong
        rows.append(row)
    return rows, bad
