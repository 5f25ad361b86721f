"""People of suppliers, in the sheet of the suppliers and in one of their own."""

import pytest

from suppliers.importing import companies, heading
from suppliers.models import Contact, Supplier
from tests.factories import ContactFactory, SupplierFactory
from tests.importing.companies import happened, of


def test_several_contacts_of_a_supplier_stand_in_several_rows(api, finished):
    rows = [
        ["K-1", "星", "a@x.example"],
        ["K-1", "", "b@x.example"],
        ["Ｋ－１", "星", "a@x.example"],
    ]

    ended = finished(of(api, *rows))

    assert ended["status"] == "succeeded", ended
    counts = ended["counts"]
    assert (counts["created"], counts["changed"], counts["unchanged"]) == (1, 1, 1)
    contacts = Contact.objects.filter(supplier__code="K-1").order_by("pk")
    assert [each.email for each in contacts] == ["a@x.example", "b@x.example"]
    assert happened() == [("supplier.created", [])]


def test_a_new_code_is_stored_in_half_width_whatever_was_typed(api, finished):
    ended = finished(of(api, ["Ｋ－１", "星", ""], ["K-1", "", "a@x.example"]))

    assert (ended["counts"]["created"], ended["counts"]["changed"]) == (1, 1)
    assert Supplier.objects.get().code == "K-1"


def test_a_sheet_of_contacts_adds_and_changes_people_of_known_suppliers(api, contractor, finished):
    row = SupplierFactory.create(contractor=contractor, code="K-1", name="星")
    ContactFactory.create(contractor=contractor, supplier=row, email="a@x.example", name="前")
    names = ["取引先コード", "会社名", "氏名", "メール", "役割"]
    rows = [
        ["K-1", "別の名", "次", "a@x.example", "責任者"], ["K-1", "", "新", "b@x.example", ""],
        ["K-9", "", "誰", "c@x.example", ""], ["K-1", "", "無", "", ""], ["K-1", "", "", "", ""],
    ]  # fmt: skip

    ended = finished(of(api, *rows, heading=names, kind="contacts", only_good_rows="true"))

    assert (ended["kind"], ended["status"]) == ("import.contacts", "succeeded")
    counts = ended["counts"]
    assert (counts["created"], counts["changed"], counts["faulty"]) == (1, 1, 3)
    assert [(each["pointer"], each["code"]) for each in ended["errors"]] == [
        ("/rows/4/code", "does-not-exist"),
        ("/rows/5/contact_email", "required"),
        ("/rows/6/contact_email", "required"),
    ]
    row.refresh_from_db()
    assert row.name == "星"
    assert [(each.name, each.role) for each in row.contacts.order_by("pk")] == [
        ("次", "responsible"), ("新", "primary"),
    ]  # fmt: skip
    assert happened() == [("supplier.updated", ["contacts"])]


@pytest.mark.parametrize("table", [companies.SUPPLIERS, companies.CONTACTS], ids=lambda it: it.kind)
def test_every_column_is_read_and_no_name_means_two(table):
    names = [
        heading.squeeze(name)
        for column in table.columns
        for name in dict.fromkeys((column.title, *column.aliases))
    ]

    assert {each.name for each in table.columns} - {"supplier_name"} <= set(companies.READERS)
    assert len(set(names)) == len(names)
