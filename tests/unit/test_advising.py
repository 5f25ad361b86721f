"""What to do next: every gain is true, the order holds, and nothing that gains is left out."""

from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import parsing, reading
from ratings import advising, guidance, policy, stars, summing
from ratings.facts import Certification, Facts

TODAY = date(2026, 11, 25)
VALUES = ("done", "partly", "not_done", "unknown")
STANDARD = policy.standard()
GUIDANCE = guidance.standard()
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


def advise(firm):
    return advising.advise(firm, STANDARD, GUIDANCE)


@given(facts)
def test_each_gain_is_what_the_sum_says_when_the_change_is_made(firm):
    before = summing.add_up(firm, STANDARD).score

    for action in advise(firm):
        after = max(summing.add_up(each, STANDARD).score for each in changed(firm, action.step))
        assert action.after.score - before == action.gain > 0
        assert action.after.score <= after


@given(facts)
def test_the_largest_gain_comes_first_and_ties_go_by_effort(firm):
    told = advise(firm)
    places = [(-each.gain, guidance.EFFORTS.index(each.step.effort)) for each in told]

    assert places == sorted(places)


@given(facts)
def test_below_the_limit_no_open_answer_is_forgotten(firm):
    if summing.add_up(firm, STANDARD).score >= STANDARD.unproven_limit - 608:
        return

    told = {(each.step.subject, each.step.to) for each in advise(firm)}

    assert firm.answers is not None
    open_items = {number for number, value in firm.answers.items() if value != "done"}
    assert {(f"item_{number}", "done") for number in open_items} <= told
    assert (("person", None) in told) != firm.person


def test_a_firm_that_does_nothing_yet_is_told_of_the_largest_gains_first():
    told = advising.best(advise(a_firm()), 7)

    assert [(each.step.subject, each.gain) for each in told] == [
        ("proof.isms", 1800),
        ("person", 1000),
        *((f"item_{number}", 608) for number in (1, 2, 3, 11, 4)),
    ]


def test_a_perfect_firm_without_proof_has_only_proof_left():
    firm = a_firm("done", person=True, certifications=(Certification("isms", "declared"),))

    told = advise(firm)

    assert {each.step.subject for each in told} == {"proof.isms", "proof.pmark"}
    assert told[0].step.kind == "verify"
    assert told[0].gain == 10000 - 7999


def test_the_guidance_is_about_the_items_of_the_policy_and_the_crosswalk_of_the_catalogue():
    path = reading.CATALOGUES / "ipa-self-diagnosis-3.1.yaml"
    catalogue = parsing.parse(reading.read(path))

    assert {one.number for one in GUIDANCE.measures} == {item.number for item in STANDARD.items}
    assert {item.number: vars(item.scs) for item in catalogue.items} == {
        one.number: vars(one.scs) for one in GUIDANCE.measures
    }


def test_guidance_with_an_unknown_effort_is_refused_with_its_place():
    raw = yaml.safe_load((guidance.FOLDER / "tasuki-2026.1.yaml").read_text("utf-8"))
    raw["items"][3]["begin"] = "a while"

    with pytest.raises(guidance.BadGuidance) as refusal:
        guidance.load(raw)

    assert [fault.pointer for fault in refusal.value.faults] == ["/items/3/begin"]


@given(facts)
def test_one_star_can_be_declared_at_any_time_and_says_what_is_left(firm):
    one, two = stars.eligibility(firm, GUIDANCE.stars)

    assert one.can_declare
    assert sorted(one.done + one.remaining) == [1, 2, 3, 4, 5]
    assert firm.answers is not None
    assert all(firm.answers[number] == "done" for number in one.done)
    assert two.missing == ("basic_policy",)


def test_two_stars_need_the_self_diagnosis_too():
    _, two = stars.eligibility(a_firm(answers=None), GUIDANCE.stars)

    assert two.missing == ("self_diagnosis", "basic_policy")
    assert not two.can_declare


def test_whoever_has_two_stars_has_the_first_as_well():
    held = (Certification("security_action_2", "declared"),)

    one, two = stars.eligibility(a_firm(certifications=held), GUIDANCE.stars)

    assert one.declared
    assert two.declared
    assert two.missing == ()


def changed(firm, step):
    """The facts after the step, made by hand; one for each certificate it could be about."""
    held = list(firm.certifications)
    if step.kind == "person":
        return [replace(firm, person=True)]
    if step.kind == "answer":
        return [replace(firm, answers={**firm.answers, step.item: step.to})]
    if step.kind == "declare":
        return [replace(firm, certifications=(*held, Certification(step.scheme, "declared")))]
    shown = {"has_document": True}
    checked = {"status": "verified", "scope_covers": "yes", **shown}
    if step.kind == "obtain":
        new = Certification(step.scheme, **checked)
        return [replace(firm, certifications=(*held, new))]
    change = shown if step.kind == "document" else checked
    return [
        replace(firm, certifications=(*held[:at], replace(one, **change), *held[at + 1 :]))
        for at, one in enumerate(held)
        if one.scheme == step.scheme
    ]
