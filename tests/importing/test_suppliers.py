"""A sheet of suppliers and their contacts goes in over HTTP and becomes theirs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.operating import CHUNK
from events.recording import MANY
from suppliers.models import Supplier
from tests.factories import ContactFactory, ContractorFactory, SupplierFactory
from tests.importing.companies import happened, of, turn
from tests.importing.sheets import csv, send


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_row_says_all_that_is_known_of_a_supplier_and_its_contact(
    api, contractor, finished, encoding
):
    heading = [
        "取引先コード", "商号", "フリガナ", "法人番号", "業種", "従業員数", "規模", "タグ",
        "個人情報の取扱い", "重要な機密情報", "事業継続への影響", "社内システムへの接続",
        "担当者", "部署", "役職", "メール", "電話", "取適法",
    ]  # fmt: skip
    row = [
        "K-1", "株式会社ほし", "ホシ", "７０００－０１２０－５０００２", "Ｅ　製造業", "約120名",
        "中小企業（101名以上）", "金型、試作", "あり", "はい", "いいえ", "不明",
        "星野", "総務部", "部長", "Ｈｏｓｈｉ＠example.co.jp", "０３－１２３４－５６７８", "対象",
    ]  # fmt: skip

    ended = finished(send(api, csv(row, heading=heading, encoding=encoding), kind="suppliers"))

    assert ended["status"] == "succeeded", ended
    assert ended["counts"]["created"] == 1
    supplier = Supplier.objects.get()
    assert (supplier.contractor, supplier.code, supplier.name) == (
        contractor,
        "K-1",
        "株式会社ほし",
    )
    assert (supplier.corporate_number, supplier.industry) == ("7000012050002", "E")
    assert (supplier.employees, supplier.size_class) == (120, "sme_101_plus")
    assert (supplier.tags, supplier.handles_personal_data) == (["金型", "試作"], True)
    assert supplier.exposure_confidential_information is True
    assert supplier.exposure_business_continuity is False
    assert supplier.exposure_system_access is None
    assert (supplier.toriteki, supplier.freelance_act) == ("applies", "unknown")
    contact = supplier.contacts.get()
    assert (contact.name, contact.department, contact.title) == ("星野", "総務部", "部長")
    assert (contact.email, contact.phone) == ("Hoshi@example.co.jp", "03-1234-5678")
    assert happened() == [("supplier.created", [])]
    found = api.get("/api/v1/suppliers/?search=ホシ").json()["results"]
    assert [each["code"] for each in found] == ["K-1"]


def test_what_a_row_does_not_say_stays_and_what_it_changes_is_named(api, contractor):
    row = SupplierFactory.create(
        contractor=contractor, code="K-1", name="星", name_kana="ホシ", tags=["a"], employees=5
    )
    known = ContactFactory.create(
        contractor=contractor, supplier=row, email="A@x.example", name="前", phone="03-1234-5678"
    )
    heading = ["code", "name", "name_kana", "tags", "exposure_system_access", "メール", "担当者"]

    answer = of(api, ["K-1", "星", "", "a b", "はい", "A@x.example", "次"], heading=heading)
    now = turn()

    assert api.get(answer["Location"]).json()["counts"]["changed"] == 1
    row.refresh_from_db()
    known.refresh_from_db()
    assert (row.name_kana, row.tags, row.employees) == ("ホシ", ["a", "b"], 5)
    assert row.rating_due_at == now
    assert (known.name, known.phone) == ("次", "03-1234-5678")
    assert happened() == [("supplier.updated", ["contacts", "exposure_system_access", "tags"])]


def test_the_same_sheet_again_changes_nothing_and_makes_no_event(api, finished):
    sheet = [["K-1", "星", "a@x.example"], ["K-2", "月", "b@x.example"]]
    finished(of(api, *sheet))
    before = list(Supplier.objects.order_by("pk").values())

    again = finished(of(api, *sheet))

    assert again["counts"]["unchanged"] == 2
    assert list(Supplier.objects.order_by("pk").values()) == before
    assert len(happened()) == 2


def test_without_a_code_the_corporate_number_finds_the_supplier(api, contractor, finished):
    heading = ["法人番号", "会社名", "業種"]
    one, two = "7000012050002", "8700110005901"
    SupplierFactory.create(contractor=contractor, code="A", name="星", corporate_number=one)
    for code in ("B", "C"):
        SupplierFactory.create(contractor=contractor, code=code, corporate_number=two)
    rows = [[one, "星", "建設業"], [two, "支店", ""], ["5010401067252", "未登録", ""]]

    ended = finished(of(api, *rows, heading=heading, only_good_rows="true"))

    assert Supplier.objects.get(code="A").industry == "D", ended
    assert [(each["pointer"], each["code"]) for each in ended["errors"]] == [
        ("/rows/3/corporate_number", "ambiguous"), ("/rows/4/code", "required"),
    ]  # fmt: skip


def test_another_contractors_supplier_of_the_same_code_is_not_touched(api, finished):
    theirs = SupplierFactory.create(contractor=ContractorFactory.create(), code="K-1", name="彼ら")

    ended = finished(of(api, ["K-1", "われら", ""]))

    theirs.refresh_from_db()
    assert (ended["counts"]["created"], theirs.name) == (1, "彼ら")
    assert not theirs.contacts.exists()


def test_the_queries_of_a_chunk_do_not_grow_with_its_rows(api):
    def queries(count, start):
        rows = [[f"Q{start + n}", "社", f"q{n}@x.example"] for n in range(count)]
        assert of(api, *rows).status_code == 202
        with CaptureQueriesContext(connection) as taken:
            turn()
        return len(taken)

    # From as many events on they are written by COPY, which takes one call more.
    assert queries(MANY, 0) == queries(CHUNK, 1000) <= 25
