"""Advice: every gain is true, the most first, and what gains nothing is not advised."""

import copy
from dataclasses import replace

import pytest
import yaml
from hypothesis import given

from questionnaires import parsing, reading
from ratings import advising, guidance, policy, stars, summing
from ratings.facts import Certification
from ratings.guidance import EFFORTS, FOLDER, BadGuidance
from tests.unit.test_proving import ALL_DONE
from tests.unit.test_summing import NUMBERS, all_facts, with_answers

STANDARD, GUIDE = policy.standard(), guidance.standard()
RAW = yaml.safe_load((FOLDER / "tasuki-2026.1.yaml").read_text(encoding="utf-8"))
POOR = replace(ALL_DONE, answers=dict.fromkeys(NUMBERS, "not_done"))


def advise(facts):
    return advising.advise(facts, STANDARD, GUIDE)


def told(actions):
    return [(each.step.subject, each.step.to, each.gain) for each in actions]


def changed(facts, step):
    """The change of a step made by hand, apart from the code that found it."""
    held = list(facts.certifications)
    match step.kind:
        case "answer":
            return replace(facts, answers={**facts.answers, step.item: step.to})
        case "person":
            return replace(facts, person=True)
        case "obtain":
            held.append(Certification(step.scheme, "verified", "yes"))
        case "declare":
            held.append(Certification(step.scheme, "declared"))
        case _:
            return None
    return replace(facts, certifications=tuple(held))


@given(all_facts)
def test_every_gain_is_what_the_score_rises_by(facts):
    before = summing.add_up(facts, STANDARD).score

    for action in advise(facts):
        assert action.gain == action.after.score - before > 0
        if (other := changed(facts, action.step)) is not None:
            assert summing.add_up(other, STANDARD).score - before == action.gain


@given(all_facts)
def test_the_most_comes_first_and_of_equal_gains_the_least_effort(facts):
    places = [(-each.gain, EFFORTS.index(each.step.effort)) for each in advise(facts)]

    assert places == sorted(places)


@given(with_answers)
def test_no_better_answer_that_gains_is_left_out(facts):
    before = summing.add_up(facts, STANDARD).score
    advised = {(each.step.item, each.step.to) for each in advise(facts)}

    for number in NUMBERS:
        for value in advising.BETTER[facts.answers[number]]:
            better = replace(facts, answers={**facts.answers, number: value})
            gains = summing.add_up(better, STANDARD).score > before
            assert ((number, value) in advised) == gains


@given(all_facts)
def test_the_best_names_each_subject_once(facts):
    actions = advise(facts)

    best = advising.best(actions, 3)

    subjects = [each.step.subject for each in best]
    assert len(subjects) == len(set(subjects)) == min(3, len({a.step.subject for a in actions}))
    assert best[:1] == list(actions[:1])


@given(all_facts)
def test_every_action_says_what_to_do_in_both_languages(facts):
    for action in advise(facts):
        assert action.detail.ja.endswith("。")
        assert action.detail.en.endswith(".")


def test_who_does_nothing_is_told_proof_then_a_person_then_the_basics():
    assert told(advising.best(advise(POOR), 4)) == [
        ("proof.isms", None, 18_00),
        ("person", None, 10_00),
        ("item_1", "done", 6_08),
        ("item_2", "done", 6_08),
    ]


def test_beginning_is_advised_too_with_its_smaller_effort():
    found = [each for each in advise(POOR) if each.step.subject == "item_4"]

    assert [(each.step.to, each.gain, each.step.effort) for each in found] == [
        ("done", 6_08, "weeks"),
        ("partly", 5_04, "days"),
    ]
    assert found[0].step.scs.requirements == ("4-1-1", "4-1-7")


def test_where_the_limit_binds_only_proof_gains():
    everything = replace(
        ALL_DONE, person=True, certifications=(Certification("security_action_2", "declared"),)
    )

    assert [each.step.subject for each in advise(everything)] == ["proof.isms", "proof.pmark"]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Certification("isms", "declared"), [("document", 4_00), ("verify", 16_00)]),
        (Certification("isms", "declared", "yes"), [("document", 10_00), ("verify", 16_00)]),
        (Certification("isms", "declared", "no"), [("document", 4_00), ("verify", 4_00)]),
        (Certification("isms", "declared", "yes", has_document=True), [("verify", 6_00)]),
        (Certification("isms", "renewal_pending", "yes", has_document=True), [("verify", 6_00)]),
        (Certification("isms", "verified", "no"), []),
        (Certification("isms", "expired", "yes"), [("obtain", 18_00)]),
    ],
)
def test_what_is_held_is_sent_and_verified_before_anything_is_bought(one, expected):
    found = advise(replace(POOR, certifications=(one,)))

    isms = [each for each in found if each.step.subject == "proof.isms"]
    assert sorted((each.step.kind, each.gain) for each in isms) == sorted(expected)
    assert {each.step.turn for each in isms if each.step.kind == "verify"} <= {"contractor"}


def test_without_answers_only_proof_is_advised():
    found = advise(replace(ALL_DONE, answers=None))

    assert told(found) == [("proof.isms", None, 70_00)]


def test_one_star_can_be_declared_at_any_time_and_two_need_a_policy():
    some = replace(ALL_DONE, answers={**ALL_DONE.answers, 2: "partly", 5: "unknown"})

    one, two = stars.eligibility(some, GUIDE.stars)

    assert (one.can_declare, one.done, one.remaining) == (True, (1, 3, 4), (2, 5))
    assert "No.2, 5" in one.detail.ja
    assert "right now" in one.detail.en
    assert (two.can_declare, two.missing) == (False, ("basic_policy",))


def test_six_items_are_another_version_of_the_rule():
    raw = copy.deepcopy(RAW)
    raw["security_action"] |= {"version": "six-items", "one_star": [1, 2, 3, 4, 5, 11]}
    facts = replace(ALL_DONE, answers={**ALL_DONE.answers, 11: "not_done"})

    one, _two = stars.eligibility(facts, guidance.load(raw).stars)

    assert (one.rule, one.remaining) == ("six-items", (11,))


@pytest.mark.parametrize(
    ("held", "declared", "missing"),
    [
        ([], (False, False), ("basic_policy",)),
        (["security_action_1"], (True, False), ("basic_policy",)),
        (["security_action_2"], (True, True), ()),
    ],
)
def test_what_is_declared_is_known(held, declared, missing):
    certifications = tuple(Certification(scheme, "declared") for scheme in held)

    one, two = stars.eligibility(replace(ALL_DONE, certifications=certifications), GUIDE.stars)

    assert ((one.declared, two.declared), two.missing) == (declared, missing)
    assert two.can_declare == (not missing)


def test_two_stars_need_the_self_diagnosis_where_there_are_no_answers():
    _one, two = stars.eligibility(replace(ALL_DONE, answers=None), GUIDE.stars)

    assert two.missing == ("self_diagnosis", "basic_policy")


def broken(path, value):
    raw = copy.deepcopy(RAW)
    *steps, last = path
    inner = raw
    for step in steps:
        inner = inner[step]
    inner[last] = value
    return raw


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        (broken(["person"], "minutes"), "/person"),
        (broken(["items", 1, "number"], 1), "/items/1/number"),
        (broken(["items", 0, "complete"], "hours") | {"items": RAW["items"][:24]}, "/items"),
        (broken(["items", 5, "complete"], "hours"), "/items/5/complete"),
        (broken(["items", 0, "scs", "strength"], "none"), "/items/0/scs"),
        (broken(["obtain", "isso"], "days"), "/obtain"),
        (broken(["security_action", "one_star", 0], 26), "/security_action/one_star/0"),
    ],
)
def test_bad_guidance_is_refused_with_its_places(raw, pointer):
    with pytest.raises(BadGuidance) as refusal:
        guidance.load(raw)

    assert pointer in {fault.pointer for fault in refusal.value.faults}


def test_guidance_names_the_items_and_schemes_of_the_policy():
    assert {each.number for each in GUIDE.measures} == {item.number for item in STANDARD.items}
    assert set(GUIDE.obtain) <= set(STANDARD.proof.certificates)
    assert set(GUIDE.declare) == set(STANDARD.proof.declarations)


def test_guidance_has_the_crosswalk_of_the_catalogue():
    path = reading.CATALOGUES / "ipa-self-diagnosis-3.1.yaml"
    catalogue = parsing.parse(reading.read(path))

    assert {item.number: vars(item.scs) for item in catalogue.items} == {
        one.number: vars(one.scs) for one in GUIDE.measures
    }
