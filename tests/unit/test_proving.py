"""Proof and reliance, case by case, with the arithmetic of each written out."""

from dataclasses import replace
from datetime import date

import pytest

from ratings import judging, policy, summing
from ratings.facts import Certification, Facts

STANDARD = policy.standard()
DAY = date(2026, 4, 1)
ALL_DONE = Facts(
    answers=dict.fromkeys(range(1, 26), "done"),
    person=False,
    handles_personal_data=False,
    exposure=(False, False, False),
    answered_on=DAY,
    as_of=DAY,
)  # 52.00 items + 20.00 basics


def held(scheme, status="verified", covers="yes", **more):
    return Certification(scheme, status, covers, **more)


def document(scheme, covers="yes"):
    return held(scheme, "declared", covers, has_document=True)


def filed(scheme, covers="yes"):
    return held(scheme, "renewal_pending", covers, has_document=True)


def drivers(*certifications, **changed):
    facts = replace(ALL_DONE, certifications=certifications, **changed)
    return {driver.code: driver for driver in summing.add_up(facts, STANDARD).drivers}


def score(*certifications, **changed):
    return sum(driver.points for driver in drivers(*certifications, **changed).values())


PERSONAL = {"handles_personal_data": True}


@pytest.mark.parametrize(
    ("certifications", "changed", "expected"),
    [
        ([held("isms")], {}, 90_00),  # 72 + 18
        ([held("scs_4")], {}, 90_00),  # 72 + 18
        ([held("scs_3")], {}, 86_00),  # 72 + 14
        ([held("pmark")], PERSONAL, 82_00),  # 72 + 10
        ([held("pmark")], {}, 76_00),  # 72 + 4, the trade handles no personal data
        ([held("isms"), held("scs_3")], {}, 90_00),  # 72 + 18 + 14 - 14 over the cap
        ([held("isms", covers="no")], {}, 78_00),  # 72 + 6
        ([held("isms", covers="partly")], {}, 78_00),  # as not covering
        ([held("pmark", covers="unknown")], PERSONAL, 76_00),  # 72 + 4
        ([document("isms")], {}, 79_99),  # 72 + 12 - 4.01
        ([document("scs_3")], {}, 79_99),  # 72 + 9 - 1.01
        ([document("pmark")], PERSONAL, 78_00),  # 72 + 6
        ([document("pmark")], {}, 76_00),  # 72 + 4
        ([document("isms", covers="no")], {}, 78_00),  # 72 + 6, no more than when verified
        ([held("isms", "declared")], {}, 74_00),  # 72 + 2
        ([held("other", "declared"), document("soc2")], {}, 72_00),  # 72 + 0
        ([held("soc2", points=350)], {}, 75_50),  # 72 + 3.50 as the checker set
        ([held("soc2", points=900)], {}, 78_00),  # 72 + 6, the most of such a scheme
        ([held("security_action_1", "declared")], {}, 73_00),  # 72 + 1
        ([held("security_action_1", "declared"), held("security_action_2")], {}, 75_00),  # 72 + 3
        ([held("otasuketai", "declared"), held("security_action_2")], {}, 77_00),  # 72 + 2 + 3
        ([held("security_action_2"), held("isms", "expired")], {}, 75_00),  # 72 + 3 + 0
        ([held("security_action_2", "withdrawn")], {}, 72_00),  # 72 + 0
        ([filed("pmark")], PERSONAL, 78_00),  # 72 + 6, as a document not yet checked
        ([held("isms", covers="no"), document("isms")], {}, 79_99),  # 72 + 6 + 6 more - 4.01
        ([held("isms", covers="no"), document("scs_4")], {}, 79_99),  # 72 + 6 + 12 - 10.01
    ],
)
def test_proof_brings_what_the_policy_says(certifications, changed, expected):
    assert score(*certifications, **changed) == expected


def test_unchecked_proof_stops_at_twelve_and_says_so():
    found = drivers(document("isms"), document("scs_3"), person=False)

    assert found["proof.isms"].points == 12_00
    assert found["proof.scs_3"].points == 9_00
    assert found["proof_cap"].points == -9_00  # 12 + 9 - 12
    assert "9.00 points are taken off what is unchecked" in found["proof_cap"].detail.en


def test_all_proof_stops_at_eighteen_and_says_so():
    found = drivers(held("isms"), document("scs_4"), document("scs_3"))

    assert found["proof_cap"].points == -21_00  # 12 + 9 - 12, then 18 + 12 - 18
    assert "9.00 points are taken off what is unchecked" in found["proof_cap"].detail.en
    assert "12.00 points are taken off the whole" in found["proof_cap"].detail.en


def test_what_was_looked_at_is_named_as_evidence():
    found = drivers(held("isms", reference="b"), document("isms"), held("isms", reference="a"))

    assert found["proof.isms"].evidence == ("certification:a", "certification:b")
    assert found["item_5"].evidence == ("answer:5",)


@pytest.mark.parametrize(
    ("certification", "ja", "en"),
    [
        (held("isms"), "適用範囲はこの取引を含み", "covers this trade"),
        (held("isms", covers="no"), "確認できておらず", "not known to cover"),
        (document("scs_3"), "確認はこれから", "not checked yet"),
        (held("pmark", "declared"), "うかがっています", "is named"),
        (held("isms", "expired"), "有効期限が過ぎています", "validity has ended"),
        (filed("isms"), "更新の手続き中", "The renewal of ISMS was filed"),
        (held("isms", "rejected"), "確認できませんでした", "could not be confirmed"),
        (held("otasuketai", "withdrawn"), "取り下げられて", "withdrawn"),
        (held("otasuketai", "declared"), "利用しています", "in use"),
        (held("security_action_1", "declared"), "宣言しています", "is declared"),
    ],
)
def test_a_proof_says_why_it_brings_what_it_brings(certification, ja, en):
    detail = drivers(certification)[f"proof.{certification.scheme}"].detail

    assert ja in detail.ja
    assert en in detail.en


def test_the_lesser_star_says_that_it_is_included():
    found = drivers(held("security_action_1", "declared"), held("security_action_2", "declared"))

    assert found["proof.security_action_1"].points == 0
    assert "重ねません" in found["proof.security_action_1"].detail.ja


@pytest.mark.parametrize(
    ("certifications", "expected", "level"),
    [
        ([held("isms")], 70_00, "low"),
        ([held("scs_3")], 60_00, "low"),
        ([held("scs_3"), held("scs_4")], 70_00, "low"),
        ([held("isms", covers="no")], 0, "unknown"),
        ([document("isms")], 0, "unknown"),
        ([held("pmark")], 0, "unknown"),
        ([], 0, "unknown"),
    ],
)
def test_a_certificate_in_place_of_answers_is_the_only_driver(certifications, expected, level):
    facts = replace(ALL_DONE, answers=None, person=True, certifications=tuple(certifications))

    result = summing.add_up(facts, STANDARD)

    assert [driver.code for driver in result.drivers] == ["certificate"]
    assert (result.score, result.level) == (expected, level)


@pytest.mark.parametrize(
    ("certifications", "unknowns", "answered_on", "value", "reasons"),
    [
        ([held("isms")], 2, date(2025, 4, 1), "high", "few_unknowns answered_recently verified"),
        ([held("isms")], 3, DAY, "medium", "some_unknowns answered_recently verified"),
        ([held("isms")], 5, DAY, "medium", "some_unknowns answered_recently verified"),
        ([held("isms")], 6, DAY, "low", "many_unknowns answered_recently verified"),
        ([held("isms")], 0, date(2025, 3, 31), "low", "few_unknowns answered_long_ago verified"),
        ([document("isms")], 0, DAY, "medium", "few_unknowns answered_recently no_verified"),
        ([held("security_action_2")], 0, DAY, "medium", "few_unknowns answered_recently no_v"),
    ],
)
def test_confidence_follows_time_unknowns_and_proof(
    certifications, unknowns, answered_on, value, reasons
):
    answers = {number: "unknown" if number <= unknowns else "done" for number in range(1, 26)}
    facts = replace(
        ALL_DONE, answers=answers, answered_on=answered_on, certifications=tuple(certifications)
    )

    confidence = summing.add_up(facts, STANDARD).confidence

    assert confidence.value == value
    codes = [reason.code for reason in confidence.reasons]
    assert all(code.startswith(told) for code, told in zip(codes, reasons.split(), strict=True))


def test_without_answers_nothing_can_be_relied_on_but_an_accepted_certificate_can():
    nothing = replace(ALL_DONE, answers=None)
    accepted = replace(nothing, certifications=(held("scs_4"),))

    found = [summing.add_up(facts, STANDARD).confidence for facts in (nothing, accepted)]

    assert [confidence.value for confidence in found] == ["low", "high"]
    assert [confidence.reasons[0].code for confidence in found] == [
        "no_answers",
        "certificate_instead",
    ]


@pytest.mark.parametrize(
    ("as_of", "level", "stale"),
    [(date(2027, 10, 1), "low", False), (date(2027, 10, 2), "unknown", True)],
)
def test_after_eighteen_months_the_level_is_unknown_and_the_score_stays(as_of, level, stale):
    result = summing.add_up(replace(ALL_DONE, as_of=as_of), STANDARD)

    assert (result.level, result.level_at_least, result.score) == (level, level, 72_00)
    assert ("answers_stale" in result.flags) is stale


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_end_with_the_month(day, months, expected):
    assert judging.months_after(day, months) == expected
