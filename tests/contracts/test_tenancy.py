"""Nothing of another contractor's can be seen, named or told from what does not exist."""

import uuid

import pytest
from django.apps import apps

from questionnaires.models import Questionnaire
from tests.contracts.rows import Rows
from tests.contracts.walking import CALLS, LISTS, each
from tests.factories import ContractorFactory

WITHOUT_OWNER = {"Contractor", "Freeze", "Worker"}  # the tenant itself; the operator's
DETAIL = [(route, method) for route, method in CALLS if "<uuid:" in route.pattern]


@pytest.fixture
def theirs(db):
    return Rows(ContractorFactory.create())


@each(DETAIL)
def test_anothers_row_looks_like_a_missing_one(route, method, api, rows, theirs):
    own_works = api.generic(method, route.address(**rows.ids(route)), headers=KEY)
    foreign = api.generic(method, route.address(**theirs.ids(route)), headers=KEY)
    missing = api.generic(method, route.address(), headers=KEY)

    assert foreign.status_code == missing.status_code
    assert told(foreign) == told(missing)
    assert told(own_works) != told(missing)


@each([(route, method) for route, method in DETAIL if method == "GET"])
def test_anothers_row_is_404(route, method, api, theirs):
    assert api.get(route.address(**theirs.ids(route))).status_code == 404


@each([(route, method) for route, method in DETAIL if route.pattern.count("<uuid:") >= 2])
def test_a_row_is_found_below_its_own_parent_only(route, method, api, rows):
    others = {"supplier_id": rows.make("suppliers"), "assessment_id": rows.make("assessments")}
    ids = rows.ids(route) | {name: row.public_id for name, row in others.items()}

    answer = api.generic(method, route.address(**ids), headers=KEY)

    assert answer.status_code in {404, 400}


@each([route for route in LISTS if "<" not in route.pattern])
def test_a_list_holds_own_rows_only(route, api, api_of, rows, theirs):
    theirs.fill(route, 3)
    foreign = ids(api_of(theirs.contractor).get(route.address())) - official()
    assert foreign
    before = ids(api.get(route.address()))

    rows.fill(route, 2)

    after = ids(api.get(route.address()))
    assert len(after - before) == 2
    assert not after & foreign


@pytest.mark.parametrize("field", ["supplier", "contact", "questionnaire"])
def test_anothers_row_cannot_be_named_in_a_body(field, api, rows, theirs):
    contact = rows.make("contacts", supplier_id=rows.make("suppliers"))
    wanted = {
        "supplier": str(contact.supplier.public_id),
        "contact": str(contact.public_id),
        "questionnaire": "ipa-self-diagnosis",
        "due_on": "2030-01-31",
    }
    supplier = theirs.make("suppliers")
    foreign = {
        "supplier": supplier,
        "contact": theirs.make("contacts", supplier_id=supplier),
        "questionnaire": theirs.make("questionnaires"),
    }[field]

    answers = [
        api.post("/api/v1/assessments/", wanted | {field: str(each)})
        for each in (foreign.public_id, uuid.uuid4())
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    errors = [answer.json()["errors"] for answer in answers]
    assert [each["pointer"] for each in errors[0]] == [f"/{field}"]
    assert [each["code"] for each in errors[0]] == [each["code"] for each in errors[1]]


def test_every_table_has_its_contractor():
    ours = {model for model in apps.get_models() if not model.__module__.startswith("django.")}

    ownerless = {model.__name__ for model in ours if not hasattr(model, "contractor")}

    assert ownerless == WITHOUT_OWNER


KEY = {"Idempotency-Key": "a-key-of-its-own"}


def ids(answer):
    return {row["id"] for row in answer.json()["results"]}


def official():
    return {str(each.public_id) for each in Questionnaire.objects.official()}


def told(answer):
    if answer.streaming:
        return answer.status_code, b"".join(answer)
    if not answer.content:
        return answer.status_code, None
    if "json" not in answer["Content-Type"]:
        return answer.status_code, answer.content
    return answer.status_code, answer.json() | {"instance": None}
