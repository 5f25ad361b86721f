"""The rule that accepts: without a flag nobody has to look, and each flag alone needs a person."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.deciding import REASONS, Flag, Handed, flags

BASICS = frozenset({1, 2, 3, 4, 11})
ITEMS = range(1, 26)
VALUES = ("done", "partly", "not_done", "unknown")
SPOTLESS = Handed(answers=dict.fromkeys(ITEMS, "done"), basics=BASICS)

schemes = st.frozensets(st.sampled_from(["isms", "pmark", "scs_3", "scs_4", "security_action_1"]))
scores = st.none() | st.decimals(0, 100, places=2)
handed = st.builds(
    Handed,
    answers=st.fixed_dictionaries(dict.fromkeys(ITEMS, st.sampled_from(VALUES))),
    basics=st.just(BASICS),
    held=schemes,
    required=schemes,
    rejected=schemes,
    incident_open=st.booleans(),
    score=scores,
    last_score=scores,
    unchecked=st.booleans(),
    asked_back=st.booleans(),
    talks_open=st.booleans(),
    accepts_by_rule=st.booleans(),
)
ALONE = {
    Flag.INCIDENT_OPEN: {"incident_open": True},
    Flag.CONTRADICTION: {
        "answers": {**SPOTLESS.answers, 11: "not_done"},
        "held": frozenset({"isms"}),
    },
    Flag.CERTIFICATION_MISSING: {"required": frozenset({"pmark"})},
    Flag.EVIDENCE_REJECTED: {"rejected": frozenset({"pmark"})},
    Flag.MANY_UNKNOWNS: {
        "answers": {**SPOTLESS.answers, **dict.fromkeys(range(12, 18), "unknown")}
    },
    Flag.BIG_CHANGE: {"score": Decimal("59.99"), "last_score": Decimal("79.99")},
    Flag.CERTIFICATE_UNCHECKED: {"unchecked": True},
    Flag.ASKED_BACK: {"asked_back": True},
    Flag.TALKS_OPEN: {"talks_open": True},
    Flag.BY_HAND: {"accepts_by_rule": False},
}  # what is reopened was accepted before, so no submission has that flag by itself


def has(scheme, told):
    return scheme in told.held or (scheme == "scs_3" and "scs_4" in told.held)


def holds(flag, told):
    """The rule in other words, one flag at a time."""
    values = list(told.answers.values())
    return {
        Flag.INCIDENT_OPEN: lambda: told.incident_open,
        Flag.CONTRADICTION: lambda: (
            bool(told.held & {"isms", "scs_3", "scs_4"})
            and "not_done" in {told.answers[item] for item in BASICS}
        ),
        Flag.CERTIFICATION_MISSING: lambda: {s for s in told.required if not has(s, told)} != set(),
        Flag.EVIDENCE_REJECTED: lambda: {s for s in told.rejected if not has(s, told)} != set(),
        Flag.MANY_UNKNOWNS: lambda: sum(value == "unknown" for value in values) > 5,
        Flag.BIG_CHANGE: lambda: (
            None not in (told.score, told.last_score) and (told.score - told.last_score) ** 2 >= 400
        ),
        Flag.CERTIFICATE_UNCHECKED: lambda: told.unchecked,
        Flag.ASKED_BACK: lambda: told.asked_back,
        Flag.TALKS_OPEN: lambda: told.talks_open,
        Flag.BY_HAND: lambda: not told.accepts_by_rule,
        Flag.REOPENED: lambda: False,
    }[flag]()


@given(handed)
def test_no_flag_is_raised_without_its_reason_and_none_is_forgotten(told):
    assert set(flags(told)) == {flag for flag in Flag if holds(flag, told)}


@pytest.mark.parametrize("flag", ALONE)
def test_each_flag_alone_keeps_it_for_a_person(flag):
    assert flags(SPOTLESS) == ()
    assert flags(replace(SPOTLESS, **ALONE[flag])) == (flag,)


@given(handed, st.randoms())
def test_the_order_of_answers_does_not_matter(told, random):
    shuffled = list(told.answers.items())
    random.shuffle(shuffled)

    assert flags(replace(told, answers=dict(shuffled))) == flags(told)


@given(handed)
def test_reasons_are_told_in_one_order_and_once(told):
    order = [list(Flag).index(flag) for flag in flags(told)]

    assert order == sorted(set(order))


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_a_big_change_is_looked_at_in_either_direction(score, last):
    up, down = (
        flags(replace(SPOTLESS, score=one, last_score=other))
        for one, other in ((score, last), (last, score))
    )

    assert up == down == ((Flag.BIG_CHANGE,) if abs(score - last) >= 20 else ())


@pytest.mark.parametrize(("unknowns", "waits"), [(5, False), (6, True)])
def test_six_unknowns_are_many(unknowns, waits):
    answers = SPOTLESS.answers | dict.fromkeys(range(1, unknowns + 1), "unknown")

    assert bool(flags(replace(SPOTLESS, answers=answers))) == waits


def test_a_supplier_is_not_asked_about_a_first_score():
    assert flags(replace(SPOTLESS, score=Decimal(5))) == ()


@pytest.mark.parametrize("flag", Flag)
def test_every_flag_has_a_full_sentence_in_both_languages(flag):
    assert REASONS[flag].ja.endswith("。")
    assert REASONS[flag].en.endswith(".")
