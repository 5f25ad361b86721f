"""The worked cases, each hundredth of them, and a second sum that never saw the first."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from questionnaires import parsing, reading, scoring
from ratings import policy, summing
from ratings.facts import Certification, Facts
from ratings.wording import written
from tests.unit import recomputing
from tests.unit.test_summing import all_facts

DAY = date(2026, 4, 1)
CASES = Path(__file__).parents[1] / "data" / "rating_cases.csv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines()))
STANDARD = policy.standard()
DRIVERS = list(
    csv.DictReader((CASES.parent / "rating_drivers.csv").read_text(encoding="utf-8").splitlines())
)
IPA = parsing.parse(reading.read(reading.CATALOGUES / "ipa-self-diagnosis-3.1.yaml"))
each_case = pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])


def certification(told):
    """`scheme:status:scope`, where `document` is declared with a document not yet checked."""
    scheme, status, scope = told.split(":")
    if status == "document":
        return Certification(scheme, "declared", scope, has_document=True)
    return Certification(scheme, status, scope)


def facts_of(row):
    certifications = [certification(told) for told in row["certifications"].split(";") if told]
    if row["security_action"]:
        certifications.append(
            Certification(f"security_action_{row['security_action']}", "declared")
        )
    if row["otasuketai"] == "yes":
        certifications.append(Certification("otasuketai", "declared"))
    answers = {number: row[f"item_{number}"] for number in range(1, 26)}
    return Facts(
        answers=answers if all(answers.values()) else None,
        person=row["person"] == "yes",
        handles_personal_data=row["handles_personal_data"] == "yes",
        exposure=tuple(condition < int(row["exposure"]) for condition in range(3)),
        answered_on=DAY,
        as_of=DAY,
        certifications=tuple(certifications),
    )


def again(facts):
    """The score by the second sum."""
    certifications = [
        (one.scheme, one.status, one.scope_covers, one.has_document, one.points)
        for one in facts.certifications
    ]
    return recomputing.score(
        facts.answers, facts.person, certifications, facts.handles_personal_data
    )


def test_all_cases_are_there():
    assert len(ROWS) == 25


@each_case
def test_a_worked_case_comes_to_its_score_grade_and_level(row):
    result = summing.add_up(facts_of(row), policy.standard())

    assert (written(result.score), result.grade) == (row["score"], row["grade"])
    assert result.level == result.level_at_least == row["level"]
    assert result.exposure == int(row["exposure"])


@each_case
def test_a_worked_case_comes_to_the_same_by_the_second_sum(row):
    facts = facts_of(row)

    score = again(facts)

    assert (written(score), recomputing.grade(score)) == (row["score"], row["grade"])
    assert recomputing.level(score, int(row["exposure"])) == row["level"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["ipa_total"]], ids=lambda r: r["case"])
def test_a_worked_case_has_its_total_in_ipas_own_arithmetic(row):
    answers = facts_of(row).answers

    assert scoring.score(IPA, answers).total == int(row["ipa_total"])
    assert recomputing.ipa_total(answers) == int(row["ipa_total"])


@given(all_facts)
def test_both_sums_agree_on_everything(facts):
    result = summing.add_up(facts, policy.standard())

    assert result.score == again(facts)
    assert result.grade == recomputing.grade(result.score)
    if result.level != "unknown":
        assert result.level == recomputing.level(result.score, facts.exposure_at_most)
        assert result.level_at_least == recomputing.level(result.score, facts.exposure_at_least)


def test_the_policy_weighs_the_items_of_the_questionnaire():
    weighed = [item.number for item in policy.standard().items]

    assert weighed == [item.number for item in IPA.items]


def test_twelve_unknowns_and_twelve_not_dones_weigh_the_same():
    unknown, not_done = (
        next(row for row in ROWS if row["case"].startswith(case)) for case in ("8a", "8b")
    )

    scores = [summing.add_up(facts_of(row), policy.standard()).score for row in (unknown, not_done)]

    assert scores == [38_64, 38_64]


@pytest.mark.parametrize("told", DRIVERS, ids=[each["case"] for each in DRIVERS])
def test_a_worked_case_has_the_arithmetic_of_each_driver(told):
    row = next(row for row in ROWS if row["case"] == told["case"])
    found = {each.code: each.points for each in summing.add_up(facts_of(row), STANDARD).drivers}

    if not told["items"]:
        assert {"certificate": hundredths(told["score"])} == found
        return
    assert hundredths(told["items"]) == int(told["done"]) * 208 + int(told["partly"]) * 104
    for name, beginning in {"items": "item_", "basics": "basic_"}.items():
        points = [each for code, each in found.items() if code.startswith(beginning)]
        assert sum(points) == hundredths(told[name])
    for name in ("person", "proof_cap", "unproven"):
        assert found[name] == hundredths(told[name])
    proof = dict(each.split() for each in told["proof"].split("; ") if each)
    assert {scheme: hundredths(points) for scheme, points in proof.items()} == {
        code.removeprefix("proof."): points
        for code, points in found.items()
        if code.startswith("proof.")
    }
    parts = [told[name] for name in ("items", "basics", "person", "proof_cap", "unproven")]
    assert sum(map(hundredths, [*parts, *proof.values()])) == hundredths(told["score"])


def hundredths(points):
    return round(float(points) * 100)
