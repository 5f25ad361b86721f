"""Cross tables over own suppliers, against the same counts recomputed from what was made."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.analysing.measuring import COLUMNS, EFFECTS, ROWS
from questionnaires.content import Content
from tests.factories import CertificationFactory, ContractorFactory, official
from tests.portfolio import Firm, firms, make

pytestmark = pytest.mark.django_db

CROSSTAB = "/api/v1/analytics/crosstab/"
NAMED = {"dedicated": "named", "part_time": "named", "nobody": "nobody"}
OF = {
    "score_band": lambda firm: firm.band,
    "person": lambda firm: NAMED[firm.profile["security_person"]],
    "risk_awareness": lambda firm: (
        "not_aware" if firm.profile["business_risks"] == ["none"] else "aware"
    ),
    "education": lambda firm: {"unknown": "not_given"}.get(
        firm.profile["education"], firm.profile["education"]
    ),
    "size_class": lambda firm: firm.size_class,
    "industry": lambda firm: firm.industry or "not_given",
}


@pytest.fixture
def strangers(db):
    """Another contractor's suppliers, there before anything of our own."""
    other = ContractorFactory.create()
    for firm in firms(6, seed=98):
        make(other, firm)
    return other


@pytest.fixture
def made(strangers, contractor):
    own = firms(45, seed=4)
    for firm in own:
        make(contractor, firm)
    make(contractor, Firm(status="archived", profile={"incident": "yes"}))
    return own


def read(api, **query):
    answer = api.get(CROSSTAB, query)
    assert answer.status_code == 200
    return answer.json()


def group(contractor, firm, count, incidents):
    """So many firms alike, of which some had an incident."""
    for number in range(count):
        told = {"incident": "yes" if number < incidents else "no"}
        make(contractor, Firm(firm.industry, firm.size_class, profile=firm.profile | told))


def incidents(told):
    return {row["row"]: row["cells"][0]["n"] for row in told["results"]}


def test_what_is_shown_is_what_was_told(api, made):
    for rows in OF:
        _is_what_was_told(rows, read(api, rows=rows, columns="incident"), made)


def _is_what_was_told(rows, told, made):
    assert told["suppliers"] == 45
    for row in told["results"]:
        firms = [firm for firm in made if OF[rows](firm) == row["row"]]
        happened = sum(firm.profile["incident"] == "yes" for firm in firms)
        [cell] = row["cells"]
        shown = {"n": happened, "of": len(firms), "percent": percent(happened, len(firms))}
        if cell["suppressed"]:
            shown = dict.fromkeys(shown)
        assert cell == {"column": "yes", "suppressed": cell["suppressed"]} | shown
    happened = sum(firm.profile["incident"] == "yes" for firm in made)
    assert [told["total"][0]["n"], told["total"][0]["of"]] == [happened, 45]


def test_no_count_of_few_is_shown_and_none_can_be_subtracted(api, contractor):
    for industry, count, happened in (("E", 12, 6), ("G", 20, 7), ("I", 14, 3)):
        group(contractor, Firm(industry), count, happened)

    told = read(api, rows="industry", columns="incident")

    assert incidents(told) == {"E": None, "G": 7, "I": None}
    [total] = told["total"]
    assert (total["n"], total["of"], total["percent"]) == (16, 46, 34.8)
    hidden = {"n": None, "of": None, "percent": None, "suppressed": True}
    assert told["results"][0]["cells"] == [{"column": "yes"} | hidden]


def test_all_but_few_tell_as_much_as_few(api, contractor):
    group(contractor, Firm("E"), 12, 6)
    group(contractor, Firm("G"), 12, 10)

    assert incidents(read(api, rows="industry")) == {"E": None, "G": None}


def test_what_depends_on_an_incident_hides_what_its_base_would_tell(api, contractor):
    hurt = {"incident_effects": ["stop"], "incident_customers": "yes"}
    spared = {"incident_effects": ["data_lost"], "incident_customers": "no"}
    for industry, calm in (("E", 2), ("G", 8), ("I", 9)):
        group(contractor, Firm(industry, profile=hurt), 6, 6)
        group(contractor, Firm(industry, profile=spared), 6, 6)
        group(contractor, Firm(industry), calm, 0)

    found = incidents(read(api, rows="industry"))
    customers = read(api, rows="industry", columns="customers_affected")

    assert found == {"E": None, "G": None, "I": 12}
    assert incidents(customers) == {"E": None, "G": None, "I": 6}
    assert customers["total"][0] == {
        "column": "yes", "n": 18, "of": 36, "percent": 50.0, "suppressed": False,
    }  # fmt: skip


def test_each_effect_is_a_column_of_its_own(api, contractor):
    for effects in (["stop"], ["stop", "money"], ["data_lost"]):
        for _ in range(6):
            profile = {"incident": "yes", "incident_effects": effects}
            make(contractor, Firm(profile=profile))
    group(contractor, Firm(), 6, 0)

    told = read(api, rows="size_class", columns="effect")

    [row] = told["results"]
    shown = {cell["column"]: cell["n"] for cell in row["cells"]}
    assert shown == dict.fromkeys(EFFECTS) | {"stop": 12, "money": 6, "data_lost": 6}
    beside = {each["column"]: each["figure"]["value"] for each in told["survey"]}
    assert beside == {"data_lost": 35.7, "personal_data_leak": 35.1}


@pytest.mark.parametrize("scheme", ["isms", "pmark"])
def test_who_holds_a_certificate_is_decided_by_the_day_in_japan(
    scheme, api, contractor, monkeypatch
):
    for number in range(24):
        told = {"incident": "yes" if number % 2 else "no"}
        supplier = make(contractor, Firm(profile=told)).supplier
        if number < 12:
            CertificationFactory.create(
                contractor=contractor,
                supplier=supplier,
                scheme=scheme,
                valid_until=datetime.date(2026, 3, 31),
            )

    def holders(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return incidents(read(api, rows=scheme))

    last_second = datetime.datetime(2026, 3, 31, 14, 59, 59, tzinfo=datetime.UTC)
    assert holders(last_second) == {"yes": 6, "no": 6}
    assert holders(last_second + datetime.timedelta(seconds=1)) == {"no": 12}


def test_a_request_is_met_where_all_it_states_holds(api, contractor):
    def ask(count, weak=0, hold=None, **requirements):
        for _ in range(count):
            answers = dict.fromkeys(range(1, weak + 1), "not_done")
            supplier = make(contractor, Firm(answers=answers), requirements=requirements).supplier
            if hold:
                CertificationFactory.create(contractor=contractor, supplier=supplier, scheme=hold)

    isms = [{"scheme": "isms", "necessity": "required"}]
    star = [{"scheme": "security_action_1", "necessity": "required"}]
    wish = [{"scheme": "isms", "necessity": "recommended"}]
    ask(2, target={"score": 90})
    ask(2, weak=5, target={"score": 90})  # 80 points: not met
    ask(1, target={"grade": "B"})
    ask(2, weak=20, target={"grade": "B"})  # not met
    ask(1, hold="isms", required_certifications=isms)
    ask(2, required_certifications=isms)  # not met
    ask(1, hold="security_action_2", required_certifications=star)
    ask(3, required_certifications=isms, alternatives_accepted=True)  # not decided
    ask(3, required_certifications=wish)  # nothing is stated as needed
    ask(4)

    told = read(api, rows="size_class", columns="request_met")

    [cell] = told["results"][0]["cells"]
    assert (cell["n"], cell["of"], cell["percent"]) == (5, 11, 45.5)


def test_it_always_says_that_it_shows_no_cause(api):
    note = read(api)["note"]

    assert "never a cause" in note["en"]
    assert "原因を示すものではありません" in note["ja"]


def test_the_survey_s_bands_stand_beside_smes_above_the_small_firms_only(api, contractor):
    group(contractor, Firm(size_class="sme_101_plus"), 3, 1)
    beside = {each["row"]: each["figure"] for each in read(api)["survey"]}

    group(contractor, Firm(size_class="small"), 1, 1)

    assert {row: figure["value"] for row, figure in beside.items()} == {
        "100": 29.2, "70-99": 29.7, "50-69": 39.5, "49-": 40.6,
    }  # fmt: skip
    codes = {caveat["code"] for caveat in beside["100"]["warnings"]}
    assert {"association", "sme_only", "not_printed"} <= codes
    assert read(api)["survey"] == []
    [small] = read(api, rows="size_class")["survey"]
    assert (small["row"], small["figure"]["value"]) == ("small", 16.2)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("columns", COLUMNS)
def test_every_table_is_told_of_nobody_too(rows, columns, api):
    told = read(api, rows=rows, columns=columns)

    assert (told["suppliers"], told["results"]) == (0, [])
    assert all(cell["suppressed"] for cell in told["total"])


@pytest.mark.parametrize(
    ("name", "value"), [("columns", "talks_opened"), ("columns", "spending"), ("rows", "damage")]
)
def test_what_is_not_counted_is_refused_with_what_is(name, value, api):
    answer = api.get(CROSSTAB, {name: value}, headers={"Accept-Language": "en"})

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (400, f"/{name}", "not-counted")
    known = ", ".join(ROWS if name == "rows" else COLUMNS)
    assert error["detail"] == f"“{value}” cannot be counted here. Choose one of: {known}."


def test_no_filter_is_taken(api):
    answer = api.get(CROSSTAB, {"industry": "E"})

    assert answer.json()["code"] == "unknown-parameter"


@pytest.mark.parametrize("columns", COLUMNS)
def test_it_is_one_statement_for_any_number(columns, api, contractor):
    for firm in firms(5, seed=2):
        make(contractor, firm)
    read(api, columns=columns)  # notes the use of the key

    with CaptureQueriesContext(connection) as taken:
        read(api, columns=columns)

    assert len(taken) == 3 + 1


def test_choices_that_are_counted_are_those_of_the_company_s_profile():
    profile: Content = official("supplier-profile").parsed()
    effects = [option.value for option in profile.named("incident_effects").options]

    assert [*EFFECTS, "none"] == effects
    assert [option.value for option in profile.named("business_risks").options] == [
        "leak", "stop", "supply", "none",
    ]  # fmt: skip


def percent(count, of):
    return round(100 * count / of + 1e-9, 1)
