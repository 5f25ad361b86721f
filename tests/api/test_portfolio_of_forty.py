"""The view over forty suppliers, against the same figures recomputed from what was made."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suppliers.models import Supplier
from tests.factories import CertificationFactory, ContractorFactory, SupplierFactory
from tests.portfolio import Firm, firms, make

pytestmark = pytest.mark.django_db

PORTFOLIO = "/api/v1/analytics/portfolio/"
WEAK = ("not_done", "unknown")


@pytest.fixture(scope="module")
def contractor(shared):
    """Beside it another one with suppliers, which were there before any of its own."""
    other = ContractorFactory.create()
    for firm in firms(6, seed=99):
        supplier = make(other, firm).supplier
        CertificationFactory.create(contractor=other, supplier=supplier)
    return ContractorFactory.create()


@pytest.fixture(scope="module")
def made(contractor):
    own = firms(40, seed=1)
    for firm in own:
        make(contractor, firm)
    make(contractor, Firm(status="archived", answers=dict.fromkeys(range(1, 26), "not_done")))
    SupplierFactory.create_batch(2, contractor=contractor)  # never asked
    return own


def read(api, **query):
    answer = api.get(PORTFOLIO, query)
    assert answer.status_code == 200
    return answer.json()


def weak(firms, item):
    return {name: sum(firm.value(item) == name for firm in firms) for name in WEAK}


def share(count, of):
    return round(100 * count / of + 1e-9, 1)


def test_suppliers_are_counted_by_grade_level_and_band(api, contractor, made):
    told = read(api)

    assert (told["suppliers"], told["answered"]) == (42, 40)
    own = Supplier.objects.of(contractor).filter(status="active").exclude(standing_grade="")
    grades = Counter(own.values_list("standing_grade", flat=True))
    levels = Counter(own.values_list("standing_level", flat=True))
    assert told["grades"] == {each: grades[each] for each in "ABCDE"} | {"unrated": 2}
    assert told["levels"]["unrated"] == 2
    assert sum(told["levels"].values()) == 42
    assert {name: told["levels"][name] for name in levels} == dict(levels)
    bands = Counter(firm.band for firm in made)
    assert [(row["band"], row["n"], row["percent"]) for row in told["bands"]] == [
        (band, bands[band], share(bands[band], 40)) for band in ("100", "70-99", "50-69", "49-")
    ]


def test_the_weakest_items_come_first_with_their_shares(api, made):
    items = read(api)["items"]["all"]

    for row in items:
        counted = weak(made, row["number"])
        assert {name: row[name] for name in WEAK} == counted
        assert (row["n"], row["percent"]) == (40, share(sum(counted.values()), 40))
    assert [row["number"] for row in items] == sorted(
        range(1, 26), key=lambda item: (-sum(weak(made, item).values()), item)
    )
    beside = {row["number"]: row["survey"]["value"] for row in items if row["survey"]}
    assert beside == {1: 73.0, 2: 71.4, 5: 37.9, 24: 39.8, 25: 39.2}


@pytest.mark.parametrize("name", ["industry", "size_class"])
def test_the_weakest_items_of_each_group(name, api, made):
    groups = read(api)["items"][f"by_{name}"]

    sizes = Counter(getattr(firm, name) for firm in made)
    assert {group["group"]: group["n"] for group in groups} == sizes
    for group in groups:
        firms = [firm for firm in made if getattr(firm, name) == group["group"]]
        assert len(group["weakest"]) == 5
        for row in group["weakest"]:
            assert {each: row[each] for each in WEAK} == weak(firms, row["number"])


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"industry": "E"}, lambda firm: firm.industry == "E"),
        ({"size_class": "small"}, lambda firm: firm.size_class == "small"),
        ({"tag": "めっき"}, lambda firm: "めっき" in firm.tags),
        (
            {"industry": "E", "size_class": "sme_up_to_100"},
            lambda firm: (firm.industry, firm.size_class) == ("E", "sme_up_to_100"),
        ),
    ],
)
def test_a_filter_leaves_those_that_fit(query, fits, api, made):
    told = read(api, **query)

    kept = [firm for firm in made if fits(firm)]
    assert told["answered"] == told["suppliers"] == len(kept)
    assert sum(row["n"] for row in told["bands"]) == len(kept)
    assert told["funnel"]["submitted"] == len(kept)
    assert (told["spending"], told["damage"]) == (None, None)


def test_the_survey_s_bands_stand_beside_smes_above_the_small_firms_only(api, made):
    def beside(**query):
        return [row["survey"] and row["survey"]["value"] for row in read(api, **query)["bands"]]

    assert beside(size_class="sme_up_to_100") == [7.5, 22.8, 17.2, 52.5]
    assert beside(size_class="small") == beside() == [None] * 4


def test_it_takes_as_many_queries_for_forty_as_for_none(api, api_of, made):
    nobody = api_of(ContractorFactory.create())

    assert queries(api) == queries(nobody) == 3 + 10


def queries(caller):
    read(caller)  # notes the use of the key
    with CaptureQueriesContext(connection) as taken:
        read(caller)
    return len(taken)
