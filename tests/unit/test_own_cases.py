"""Cases of our own: certificates, flags, confidence and time, with the arithmetic of each.

All 25 items done are 52.00, the five basics 20.00, a person 10.00; a certificate as its line says.
"""

from dataclasses import dataclass, field
from datetime import date

import pytest

from ratings import judging, policy, summing
from ratings.facts import Certification, Exposure, Facts
from ratings.wording import written
from tests.unit.test_rating_cases import again

TODAY = date(2026, 4, 1)
YES, NO, OPEN = True, False, None


@dataclass(frozen=True)
class Case:
    """`unknowns` are that many answers of 「わからない」, from item 25 downwards: 2.08 each."""

    score: str
    grade: str
    level: str
    confidence: str
    held: list[Certification] = field(default_factory=list)
    person: bool = True
    unknowns: int = 0
    exposure: Exposure = (NO, NO, NO)
    answered_on: date = TODAY
    personal_data: bool = False
    incident: bool = False
    at_least: str = ""
    flags: str = ""


def held(scheme, status="verified", covers="yes", **more):
    return Certification(scheme, status, covers, **more)


CASES = {
    # 52 + 20 + 10 + 18
    "ISMS verified in scope": Case("100.00", "A", "low", "high", [held("isms")]),
    # 52 + 20 + 18
    "the same, nobody in charge": Case("90.00", "A", "low", "high", [held("isms")], person=False),
    # 82 + 6 = 88, stops at 79.99; it is verified, only elsewhere
    "ISMS verified elsewhere": Case("79.99", "B", "low", "high", [held("isms", covers="no")]),
    # 82 + 0: over is over
    "ISMS that expired": Case("79.99", "B", "low", "medium", [held("isms", "expired")]),
    # 72 + 0
    "ISMS rejected, nobody": Case(
        "72.00", "B", "low", "medium", [held("isms", "rejected")], person=False
    ),
    # 72 + 2
    "ISMS only named, nobody": Case(
        "74.00", "B", "low", "medium", [held("isms", "declared", "unknown")], person=False
    ),
    # 72 + 12 = 84, stops
    "ISMS document waiting, nobody": Case(
        "79.99", "B", "low", "medium",
        [held("isms", "declared", has_document=True)], person=False,
    ),
    # 72 + min(12, 12 + 9) = 84, stops
    "two documents waiting": Case(
        "79.99", "B", "low", "medium",
        [held("isms", "declared", has_document=True), held("scs_3", "declared", has_document=True)],
        person=False,
    ),
    # 72 + 10
    "Privacy Mark where personal data are handled": Case(
        "82.00", "A", "low", "high", [held("pmark")], person=False, personal_data=True
    ),
    # 72 + 4
    "Privacy Mark where none are": Case(
        "76.00", "B", "low", "high", [held("pmark")], person=False
    ),
    # 72 + 14 + 3 + 2 = 91, proof stops at 18: 72 + 18
    "SCS ★3, two stars and a service": Case(
        "90.00", "A", "low", "high",
        [held("scs_3"), held("security_action_2", "declared"), held("otasuketai", "declared")],
        person=False,
    ),
    # 72 + 4.50 as the checker set
    "SOC 2 with 4.50 points": Case(
        "76.50", "B", "low", "high", [held("soc2", points=450)], person=False
    ),
    # 52 - 6 × 2.08 + 20 + 10 = 69.52
    "six unknowns": Case("69.52", "B", "low", "low", unknowns=6),
    # 52 - 3 × 2.08 + 20 + 10 + 18 = 93.76
    "three unknowns, verified": Case("93.76", "A", "low", "medium", [held("isms")], unknowns=3),
    # 52 - 2 × 2.08 + 20 + 10 + 18 = 95.84
    "two unknowns, verified": Case("95.84", "A", "low", "high", [held("isms")], unknowns=2),
    "answered twelve months ago to the day": Case(
        "100.00", "A", "low", "high", [held("isms")], answered_on=date(2025, 4, 1)
    ),
    "a day more": Case(
        "100.00", "A", "low", "low", [held("isms")], answered_on=date(2025, 3, 31)
    ),
    "answered eighteen months ago to the day": Case(
        "100.00", "A", "low", "low", [held("isms")], answered_on=date(2024, 10, 1)
    ),
    "a day more than that": Case(
        "100.00", "A", "unknown", "low", [held("isms")], answered_on=date(2024, 9, 30),
        at_least="unknown", flags="answers_stale",
    ),
    "exposure not answered": Case(
        "72.00", "B", "medium", "medium", person=False, exposure=(YES, OPEN, NO), at_least="low",
        flags="exposure_incomplete",
    ),
    "an incident that is open": Case(
        "72.00", "B", "low", "medium", person=False, incident=True, flags="incident_open"
    ),
    "all flags at once": Case(
        "72.00", "B", "unknown", "low", person=False, exposure=(OPEN, OPEN, OPEN), incident=True,
        answered_on=date(2024, 1, 1), at_least="unknown",
        flags="answers_stale exposure_incomplete incident_open",
    ),
    "three conditions hold, grade A": Case(
        "100.00", "A", "medium", "high", [held("isms")], exposure=(YES, YES, YES)
    ),
}  # fmt: skip


def facts_of(case):
    numbers = range(1, 26)
    answers = {each: "unknown" if each > 25 - case.unknowns else "done" for each in numbers}
    return Facts(
        answers, case.person, case.personal_data, case.exposure, case.answered_on, TODAY,
        tuple(case.held), case.incident,
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_case_comes_to_what_its_arithmetic_says(case):
    facts = facts_of(case)

    result = summing.add_up(facts, policy.standard())

    assert (written(result.score), result.grade, result.level) == (
        case.score, case.grade, case.level,
    )  # fmt: skip
    assert result.level_at_least == (case.at_least or case.level)
    assert result.confidence.value == case.confidence
    assert " ".join(result.flags) == case.flags
    assert written(again(facts)) == case.score


@pytest.mark.parametrize(
    ("answered_on", "expected"),
    [
        (TODAY, date(2027, 4, 2)),  # fresh for twelve months to the day
        (date(2025, 4, 1), date(2026, 4, 2)),  # the last fresh day
        (date(2025, 3, 31), date(2026, 10, 1)),  # 30 September is the last day of 18 months
        (date(2024, 10, 1), date(2026, 4, 2)),
        (date(2024, 9, 30), None),
    ],
)
def test_the_next_day_that_changes_a_result_is_known(answered_on, expected):
    facts = facts_of(Case("", "", "", "", answered_on=answered_on))

    assert judging.next_day(facts, policy.standard()) == expected
