import pytest

from contractors.models import Contractor
from events.models import Event
from suppliers.models import Contact, Supplier
from tests.factories import AssessmentFactory, ContactFactory, SupplierFactory

URL = "/api/v1/suppliers/"
BY_CODE = "/api/v1/suppliers/by-code/"


@pytest.fixture
def wanted():
    return {
        "code": "T-100",
        "name": "株式会社みなと工業",
        "name_kana": "ミナトコウギョウ",
        "corporate_number": "７０００-０１２０-５０００２",
        "industry": "E",
        "exposure": {"confidential_information": True, "system_access": False},
        "tags": ["金型"],
        "external_ids": {"erp": "4711"},
        "contacts": [
            {"email": "ｍ@minato.example", "name": "港一郎", "phone": "０３ー１２３４ー５６７８"}
        ],
    }


def test_a_supplier_is_made_with_its_contacts_and_numbers_in_one_form(api, wanted):
    made = api.post(URL, wanted)

    assert made.status_code == 201
    body = api.get(made.headers["Location"]).json()
    assert body == made.json()
    assert body["corporate_number"] == "7000012050002"
    assert body["exposure"] == {
        "confidential_information": True,
        "business_continuity": None,
        "system_access": False,
        "note": "",
    }
    assert (body["suggested_scs_star"], body["standing"], body["status"]) == (None, None, "active")
    [contact] = api.get(f"{made.headers['Location']}contacts/").json()["results"]
    assert (contact["email"], contact["phone"]) == ("m@minato.example", "03-1234-5678")


def test_the_same_payload_by_code_twice_changes_nothing_and_makes_no_event(api, wanted):
    first = api.put(f"{BY_CODE}T-100/", wanted)
    again = api.put(f"{BY_CODE}T-100/", wanted)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert list(Event.objects.filter(subject_type="supplier").values_list("kind", flat=True)) == [
        "supplier.created"
    ]


def test_by_code_changes_what_is_named_and_leaves_the_rest(api, wanted):
    api.put(f"{BY_CODE}T-100/", wanted)

    changed = api.put(
        f"{BY_CODE}T-100/",
        {"name": "みなと工業", "contacts": [{"email": "M@minato.example", "title": "部長"}]},
    )

    assert changed.status_code == 200
    assert changed.json()["industry"] == "E"
    assert Contact.objects.get().title == "部長"
    assert Contact.objects.get().name == "港一郎"
    event = Event.objects.get(kind="supplier.updated")
    assert event.changed == ["name", "contacts"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("corporate_number", "7000012050003", "check-digit"),
        ("corporate_number", "12", "invalid"),
        ("invoice_number", "T12", "invalid"),
        ("industry", "Z", "invalid-choice"),
        ("country", "Japan", "invalid"),
        ("employees", -1, "min-value"),
        ("name", "", "blank"),
        ("status", "archived", "unknown-field"),
        ("standing", {}, "unknown-field"),
    ],
)
def test_a_wrong_field_gets_its_pointer(api, wanted, field, value, code):
    answer = api.post(URL, wanted | {field: value})

    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (f"/{field}", code)
    assert not Supplier.objects.exists()


def test_all_that_is_wrong_in_contacts_is_told_with_its_place(api, wanted):
    wanted["contacts"] = [{"email": "a@b.example"}, {"email": "no", "phone": "abc", "rank": 1}]

    errors = api.post(URL, wanted).json()["errors"]

    assert {error["pointer"] for error in errors} == {
        "/contacts/1/email",
        "/contacts/1/phone",
        "/contacts/1/rank",
    }


def test_a_code_that_is_taken_is_refused_whichever_way(api, contractor, wanted):
    SupplierFactory.create(contractor=contractor, code="T-100")
    other = SupplierFactory.create(contractor=contractor, code="T-200")

    made = api.post(URL, wanted)
    moved = api.patch(f"{URL}{other.public_id}/", {"code": "T-100"})

    assert (made.status_code, made.json()["code"]) == (409, "supplier-code-taken")
    assert (moved.status_code, moved.json()["code"]) == (409, "supplier-code-taken")


def test_the_same_code_may_stand_with_another_contractor(api, wanted):
    SupplierFactory.create(code="T-100")

    assert api.post(URL, wanted).status_code == 201


def test_archive_and_restore_may_be_repeated_and_happen_once(api, contractor):
    url = f"{URL}{SupplierFactory.create(contractor=contractor).public_id}/"

    for verb in ("archive", "archive"):
        assert api.post(f"{url}{verb}/").json()["status"] == "archived"
    refused = api.patch(url, {"name": "別名"})
    for verb in ("restore", "restore"):
        assert api.post(f"{url}{verb}/").json()["status"] == "active"

    assert (refused.status_code, refused.json()["code"]) == (409, "supplier-archived")
    kinds = Event.objects.filter(subject_type="supplier").values_list("kind", flat=True)
    assert list(kinds) == ["supplier.archived", "supplier.restored"]


def test_null_clears_what_is_optional_and_is_refused_where_it_is_not(api, contractor):
    supplier = SupplierFactory.create(contractor=contractor, employees=5, name_kana="ヤマダ")
    url = f"{URL}{supplier.public_id}/"

    cleared = api.patch(url, {"employees": None, "name_kana": None}).json()
    refused = api.patch(url, {"name": None})

    assert (cleared["employees"], cleared["name_kana"]) == (None, "")
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "search=ﾐﾅﾄ",
        "search=みなと",
        "search=t-1",
        "tag=金型",
        "industry=E",
        "external_id=erp:4711",
        "has_open_assessment=false",
        "status=active",
    ],
)
def test_filters_find_the_one_and_not_the_other(api, contractor, wanted, query):
    api.post(URL, wanted)
    asked = AssessmentFactory.create(contractor=contractor).supplier
    Supplier.objects.filter(pk=asked.pk).update(status="archived")

    found = api.get(f"{URL}?{query}").json()["results"]

    assert [each["code"] for each in found] == ["T-100"]


def test_an_open_request_is_found_by_its_filter(api, contractor):
    asked = AssessmentFactory.create(contractor=contractor).supplier
    SupplierFactory.create(contractor=contractor)

    found = api.get(f"{URL}?has_open_assessment=true").json()["results"]

    assert [each["id"] for each in found] == [str(asked.public_id)]


def test_a_mail_address_stands_once_with_a_supplier(api, contractor):
    contact = ContactFactory.create(contractor=contractor)
    url = f"{URL}{contact.supplier.public_id}/contacts/"
    other = api.post(url, {"email": "other@supplier.example"})

    again = api.post(url, {"email": contact.email.upper()})
    moved = api.patch(f"{url}{other.json()['id']}/", {"email": contact.email})

    assert (again.status_code, again.json()["code"]) == (409, "contact-email-taken")
    assert (moved.status_code, moved.json()["code"]) == (409, "contact-email-taken")
    assert Contact.objects.count() == 2


def test_contacts_of_anothers_supplier_do_not_exist(api):
    theirs = ContactFactory.create()
    url = f"{URL}{theirs.supplier.public_id}/contacts/"

    assert api.get(url).status_code == 404
    assert api.post(url, {"email": "a@b.example"}).status_code == 404
    assert Contractor.objects.count() == 2
