"""What to do next: every gain is true, nothing that gains is left out, and the stars are told."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.exceptions import ValidationError

from questionnaires import parsing, reading
from ratings import advising, policy, starring, summing
from ratings.facts import Certification, Facts

TODAY = date(2026, 11, 25)
VALUES = ("done", "partly", "not_done", "unknown")
STANDARD = policy.standard()
facts = st.builds(
    Facts,
    answers=st.fixed_dictionaries(dict.fromkeys(range(1, 26), st.sampled_from(VALUES))),
    person=st.booleans(),
    handles_personal_data=st.sampled_from([True, False, None]),
    exposure=st.tuples(*[st.sampled_from([True, False, None])] * 3),
    answered_on=st.just(TODAY),
    as_of=st.just(TODAY),
    certifications=st.lists(
        st.builds(
            Certification,
            scheme=st.sampled_from(["isms", "pmark", "scs_3", "security_action_1", "otasuketai"]),
            status=st.sampled_from(["declared", "verified", "expired", "renewal_pending"]),
            scope_covers=st.sampled_from(["yes", "partly", "no", "unknown"]),
            has_document=st.booleans(),
        ),
        max_size=4,
    ).map(tuple),
)


def a_firm(value="not_done", **more):
    known = {
        "answers": dict.fromkeys(range(1, 26), value),
        "person": False,
        "handles_personal_data": False,
        "exposure": (True, False, False),
        "answered_on": TODAY,
        "as_of": TODAY,
    }
    return Facts(**known | more)


@given(facts)
def test_each_gain_is_what_the_sum_says_when_the_change_is_made(firm):
    before = summing.add_up(firm, STANDARD).score

    for action in advising.next_actions(firm, STANDARD):
        assert (
            summing.add_up(changed(firm, action.code), STANDARD).score - before == action.gain > 0
        )


@given(facts)
def test_the_largest_gain_comes_first_and_ties_go_by_effort(firm):
    told = advising.next_actions(firm, STANDARD)
    places = [(-each.gain, advising.EFFORTS.index(each.advice.effort)) for each in told]

    assert places == sorted(places)
    assert len({each.code for each in told}) == len(told)


@given(facts)
def test_below_the_limit_no_open_answer_is_forgotten(firm):
    found = summing.add_up(firm, STANDARD)
    if found.score >= STANDARD.unproven_limit - 608:
        return

    told = {each.code for each in advising.next_actions(firm, STANDARD)}

    assert firm.answers is not None
    assert {f"item_{number}" for number, value in firm.answers.items() if value != "done"} <= told
    assert ("person" in told) != firm.person


def test_a_firm_that_does_nothing_yet_is_told_of_a_person_and_the_basics_first():
    told = advising.next_actions(a_firm(), STANDARD)

    codes = [
        "person",
        "item_1",
        "item_2",
        "item_3",
        "item_4",
        "item_11",
        "declare.security_action_2",
    ]
    assert [each.code for each in told[:7]] == codes
    assert [each.gain for each in told[:7]] == [1000, 608, 608, 608, 608, 608, 300]
    assert told[1].plain["scs"] == ["4-4-4"]


def test_a_perfect_firm_without_proof_has_only_proof_left():
    firm = a_firm("done", person=True, certifications=(Certification("isms", "declared"),))

    [only] = advising.next_actions(firm, STANDARD)

    assert (only.code, only.gain) == ("verify.isms", 10000 - 7999)


def test_the_advice_is_about_the_items_of_the_policy_and_the_crosswalk_of_the_catalogue():
    advice = advising.standard().items
    path = reading.CATALOGUES / "ipa-self-diagnosis-3.1.yaml"
    catalogue = parsing.parse(reading.read(path))

    assert set(advice) == {item.number for item in STANDARD.items}
    assert {item.number: item.scs.requirements for item in catalogue.items} == {
        number: each.scs for number, each in advice.items()
    }


def test_advice_with_an_unknown_effort_is_refused():
    with pytest.raises(ValidationError, match="tiny"):
        advising.load({"version": "x", "items": [], "person": {"effort": "tiny"}})


@given(facts)
def test_one_star_can_be_declared_at_any_time_and_says_what_is_left(firm):
    one, two = starring.stars(firm)

    assert one.can_declare != one.declared
    assert sorted(one.done_items + one.open_items) == [1, 2, 3, 4, 5]
    assert firm.answers is not None
    assert all(firm.answers[number] == "done" for number in one.done_items)
    assert two.missing == ("published_basic_policy",)


def test_two_stars_need_the_self_diagnosis_too():
    _, two = starring.stars(a_firm(answers=None))

    assert two.missing == ("self_diagnosis", "published_basic_policy")
    assert not two.can_declare


def test_whoever_has_two_stars_has_the_first_as_well():
    held = (Certification("security_action_2", "declared"),)

    one, two = starring.stars(a_firm(certifications=held))

    assert one.declared
    assert two.declared
    assert two.missing == ()


def changed(firm, code):
    """The change of that code made by hand."""
    kind, _, what = code.partition(".")
    if code == "person":
        return replace(firm, person=True)
    if code.startswith("item_"):
        return replace(firm, answers={**firm.answers, int(code[5:]): "done"})
    held = list(firm.certifications)
    if kind == "verify":
        open_ones = [one for one in held if one.scheme == what and one.status in advising.LIVING]
        best = max(open_ones, key=lambda one: gain_of(firm, one))
        held.remove(best)
        held.append(replace(best, status="verified", scope_covers="yes", has_document=True))
    else:
        held.append(Certification(what, "declared"))
    return replace(firm, certifications=tuple(held))


def gain_of(firm, one):
    held = list(firm.certifications)
    held.remove(one)
    held.append(replace(one, status="verified", scope_covers="yes", has_document=True))
    return summing.add_up(replace(firm, certifications=tuple(held)), STANDARD).score
