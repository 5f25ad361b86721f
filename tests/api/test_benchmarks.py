"""The survey's figures, and a supplier's own answers beside those that exist."""

import pytest

from assessments.models import AnswerReading
from contractors.models import Scope
from tests.factories import AssessmentFactory, ContractorFactory, SupplierFactory
from tests.portfolio import Firm, make

pytestmark = pytest.mark.django_db

BENCHMARKS = "/api/v1/benchmarks/"


def read(api, **query):
    answer = api.get(BENCHMARKS, query)
    assert answer.status_code == 200
    return answer.json()


def test_every_figure_comes_with_source_base_and_warnings(api):
    told = read(api)

    assert "情報処理推進機構" in told["survey"]["publisher"]["ja"]
    assert told["survey"]["surveyed_until"] == "2024-11-06"
    assert len(told["figures"]) == 86
    [received] = [each for each in told["figures"] if each["key"] == "request_received"]
    assert (received["value"], received["unit"], received["n"]) == (12.2, "percent", 4191)
    assert received["population"]["en"] == "All firms that answered"
    assert {each["code"] for each in received["warnings"]} == {"derived", "self_told"}
    assert told["own"] is None


@pytest.mark.parametrize("item", range(1, 26))
def test_an_item_has_its_figure_or_none(item, api):
    figures = read(api, item=item)["figures"]

    assert [each["item"] for each in figures] == ([item] if item in {1, 2, 5, 24, 25} else [])


def test_figures_of_a_kind(api):
    figures = read(api, kind="obstacle")["figures"]

    assert {each["value"] for each in figures} == {51.3, 47.0, 32.9}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"item": "26"}, "/item"),
        ({"item": "x"}, "/item"),
        ({"kind": "loss"}, "/kind"),
        ({"supplier": "x"}, "/supplier"),
    ],
)
def test_a_wrong_filter_is_refused(query, pointer, api):
    answer = api.get(BENCHMARKS, query)

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_own_answers_stand_beside_figures_where_they_exist(api, contractor):
    firm = Firm(size_class="sme_up_to_100", answers={1: "partly", 5: "unknown", 3: "not_done"})
    assessment = make(contractor, firm)

    own = read(api, supplier=assessment.supplier.public_id)["own"]

    assert own["assessment"] == str(assessment.public_id)
    items = {row["number"]: row for row in own["items"]}
    assert [(items[n]["value"], items[n]["begun"]) for n in (1, 5, 3, 4)] == [
        ("partly", True), ("unknown", False), ("not_done", False), ("done", True),
    ]  # fmt: skip
    beside = {number: row["survey"]["value"] for number, row in items.items() if row["survey"]}
    assert beside == {1: 73.0, 2: 71.4, 5: 37.9, 24: 39.8, 25: 39.2}
    assert (own["band"]["band"], own["band"]["total"]) == ("70-99", 89)
    assert own["band"]["survey"]["value"] == 22.8
    assert own == read(api, assessment=assessment.public_id)["own"]


@pytest.mark.parametrize("size_class", ["small", "large", None])
def test_no_band_of_the_survey_stands_beside_other_sizes(size_class, api, contractor):
    assessment = make(contractor, Firm(size_class=size_class))

    band = read(api, supplier=assessment.supplier.public_id)["own"]["band"]

    assert (band["band"], band["survey"]) == ("100", None)


def test_the_own_class_stands_beside_from_ten_others(api, contractor):
    assessment = make(contractor, Firm(answers={7: "not_done"}))
    for number in range(9):
        make(contractor, Firm(answers={7: "unknown"} if number < 4 else {}))
    make(contractor, Firm(status="archived"))
    make(contractor, Firm(size_class="sme_101_plus"))
    make(ContractorFactory.create(), Firm())
    nine = read(api, supplier=assessment.supplier.public_id)["own"]["items"][6]

    make(contractor, Firm(answers={7: "partly"}))

    ten = read(api, supplier=assessment.supplier.public_id)["own"]["items"][6]
    assert (nine["own_class"], nine["others"]) == (None, None)
    assert ten["own_class"] == {"n": 6, "of": 10, "percent": 60.0}
    assert ten["others"] is None  # one firm of another class; from a hundred


def test_nothing_stands_beside_where_nothing_was_handed_in(api, contractor):
    supplier = SupplierFactory.create(contractor=contractor)
    assessment = AssessmentFactory.create(contractor=contractor)

    assert read(api, supplier=supplier.public_id)["own"] is None
    assert read(api, assessment=assessment.public_id)["own"] is None
    assert not AnswerReading.objects.exists()


def test_whoever_reads_own_answers_is_written_down(api, contractor):
    assessment = make(contractor, Firm())

    read(api, supplier=assessment.supplier.public_id)

    [reading] = AnswerReading.objects.all()
    assert reading.assessment == assessment


def test_own_answers_need_the_scope_for_answers(contractor, api_of):
    assessment = make(contractor, Firm())
    poor = api_of(contractor, Scope.RATINGS_READ)

    figures = poor.get(BENCHMARKS)
    own = poor.get(BENCHMARKS, {"supplier": assessment.supplier.public_id})

    assert figures.status_code == 200
    assert (own.status_code, own.json()["scope"]) == (403, "answers:read")


@pytest.mark.parametrize("name", ["supplier", "assessment"])
def test_anothers_supplier_looks_like_a_missing_one(name, api, contractor):
    foreign = make(ContractorFactory.create(), Firm())
    ids = {"supplier": foreign.supplier.public_id, "assessment": foreign.public_id}
    missing = "00000000-0000-7000-8000-000000000000"

    answers = [api.get(BENCHMARKS, {name: each}).json() for each in (ids[name], missing)]

    told = [answer["errors"] for answer in answers]
    assert [[each["code"] for each in errors] for errors in told] == [["does-not-exist"]] * 2


def test_a_supplier_and_a_request_are_not_named_together(api, contractor):
    assessment = make(contractor, Firm())
    both = {"supplier": assessment.supplier.public_id, "assessment": assessment.public_id}

    answer = api.get(BENCHMARKS, both)

    assert [each["pointer"] for each in answer.json()["errors"]] == ["/assessment"]
