"""What every sum keeps, whatever the facts."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ratings import policy, summing
from ratings.facts import SCOPES, STATUSES, Certification, Facts, Unusable
from ratings.wording import SCHEMES

STANDARD = policy.standard()
DAY = date(2026, 4, 1)
VALUES = ("unknown", "not_done", "partly", "done")
LEVELS = ("low", "medium", "high", "critical")
NUMBERS = range(1, 26)

mixed = st.fixed_dictionaries({number: st.sampled_from(VALUES) for number in NUMBERS})
nearly = st.builds(  # firms at one end: the limits bind there, and mixed answers seldom reach them
    lambda usual, others: dict.fromkeys(NUMBERS, usual) | others,
    st.sampled_from(["done", "unknown"]),
    st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(VALUES), max_size=4),
)
answered = mixed | nearly
certifications = st.builds(
    Certification,
    # Those whose points meet in a limit more often than those that count for themselves.
    scheme=st.sampled_from(["isms", "scs_4", "scs_3", "pmark"]) | st.sampled_from(sorted(SCHEMES)),
    status=st.sampled_from(["declared", "verified"]) | st.sampled_from(sorted(STATUSES)),
    scope_covers=st.sampled_from(sorted(SCOPES)),
    has_document=st.booleans(),
    points=st.integers(0, 600),
    reference=st.sampled_from(["", "a", "b"]),
)
truth = st.sampled_from([True, False, None])
all_facts = st.builds(
    Facts,
    answers=answered | st.none(),
    person=st.booleans(),
    handles_personal_data=truth,
    exposure=st.tuples(truth, truth, truth),
    answered_on=st.dates(date(2024, 1, 1), DAY),
    as_of=st.just(DAY),
    certifications=st.lists(certifications, max_size=6).map(tuple),
    incident_open=st.booleans(),
)
with_answers = all_facts.filter(lambda facts: facts.answers is not None)


def add_up(facts):
    return summing.add_up(facts, STANDARD)


def with_answer(facts, number, value):
    return replace(facts, answers={**facts.answers, number: value})


@given(all_facts)
def test_drivers_add_up_to_the_score_which_stays_between_0_and_100(facts):
    result = add_up(facts)

    assert sum(driver.points for driver in result.drivers) == result.score
    assert 0 <= result.score <= 100_00
    assert all(driver.points <= driver.most for driver in result.drivers)
    limits = {"proof_cap", "unproven"}
    assert all(
        (driver.points >= 0) != (driver.code in limits) or driver.points == 0
        for driver in result.drivers
    )


@given(all_facts)
def test_every_driver_has_a_code_of_its_own_and_a_sentence_in_both_languages(facts):
    result = add_up(facts)

    codes = [driver.code for driver in result.drivers]
    assert len(codes) == len(set(codes))
    assert all(driver.detail.ja.endswith("。") for driver in result.drivers)
    assert all(driver.detail.en.endswith(".") for driver in result.drivers)


@given(with_answers, st.sampled_from(NUMBERS), st.data())
def test_a_better_answer_never_lowers_the_score_and_brings_at_most_6_08(facts, number, data):
    worse = data.draw(st.sampled_from(VALUES[:-1]))
    better = data.draw(st.sampled_from(VALUES[VALUES.index(worse) + 1 :]))

    before = add_up(with_answer(facts, number, worse))
    after = add_up(with_answer(facts, number, better))

    assert 0 <= after.score - before.score <= 6_08
    limited = any(driver.code == "unproven" and driver.points for driver in after.drivers)
    assert after.score > before.score or limited or better == "not_done"


@given(with_answers, st.sampled_from(NUMBERS))
def test_not_knowing_weighs_the_same_as_not_done(facts, number):
    unknown = add_up(with_answer(facts, number, "unknown"))
    not_done = add_up(with_answer(facts, number, "not_done"))

    assert unknown.score == not_done.score


@given(all_facts)
def test_naming_a_person_never_lowers_the_score(facts):
    nobody, somebody = replace(facts, person=False), replace(facts, person=True)

    assert add_up(somebody).score >= add_up(nobody).score


@given(all_facts, certifications)
def test_one_more_certificate_never_lowers_the_score(facts, another):
    more = replace(facts, certifications=(*facts.certifications, another))

    assert add_up(more).score >= add_up(facts).score


def test_a_paper_beside_what_is_verified_costs_nothing():
    """A scheme's unchecked paper must not take the room of another's in the limit of unchecked."""
    verified = Certification("isms", "verified", "no")
    papers = [
        Certification(scheme, "declared", "yes", has_document=True) for scheme in ("scs_4", "isms")
    ]
    facts = Facts(dict.fromkeys(NUMBERS, "not_done"), False, False, (False,) * 3, DAY, DAY)

    scores = [
        add_up(replace(facts, certifications=(verified, *papers[:count]))).score
        for count in range(3)
    ]

    assert scores == [6_00, 18_00, 18_00]


@given(all_facts, certifications)
def test_sending_a_document_and_verifying_it_never_lower_the_score(facts, one):
    named = replace(one, status="declared", has_document=False)
    steps = [named, replace(named, has_document=True), replace(named, status="verified")]

    scores = [
        add_up(replace(facts, certifications=(*facts.certifications, step))).score for step in steps
    ]

    assert scores == sorted(scores)


@given(all_facts, certifications)
def test_a_certificate_that_does_not_hold_never_counts(facts, one):
    gone = replace(one, status="expired")
    held = replace(facts, certifications=(*facts.certifications, gone))

    assert add_up(held).score == add_up(facts).score


@given(all_facts, st.integers(0, 2))
def test_more_exposure_never_lowers_the_level(facts, which):
    def exposed(value):
        exposure = tuple(value if i == which else old for i, old in enumerate(facts.exposure))
        return add_up(replace(facts, exposure=exposure))

    less, more = exposed(False), exposed(True)

    assume(less.level != "unknown")
    assert LEVELS.index(more.level) >= LEVELS.index(less.level)
    assert LEVELS.index(more.level_at_least) >= LEVELS.index(less.level_at_least)


@given(all_facts)
def test_an_exposure_not_answered_is_yes_for_the_level_and_no_for_the_least(facts):
    as_yes = replace(facts, exposure=tuple(value is not False for value in facts.exposure))
    as_no = replace(facts, exposure=tuple(value is True for value in facts.exposure))

    result = add_up(facts)

    assert result.level == add_up(as_yes).level
    assert result.level_at_least == add_up(as_no).level
    assert result.exposure == add_up(as_no).exposure
    assert ("exposure_incomplete" in result.flags) == (None in facts.exposure)


@given(all_facts)
def test_an_open_incident_raises_a_flag_and_moves_nothing_else(facts):
    told, concealed = (add_up(replace(facts, incident_open=value)) for value in (True, False))

    assert "incident_open" in told.flags
    assert replace(told, flags=concealed.flags) == concealed


@given(all_facts, st.randoms())
def test_the_same_facts_give_the_same_bytes_whatever_their_order(facts, random):
    shuffled = list(facts.certifications)
    random.shuffle(shuffled)
    answers = list((facts.answers or {}).items())
    random.shuffle(answers)
    again = replace(facts, certifications=tuple(shuffled), answers=dict(answers) or None)

    assert again.digest == facts.digest
    assert json.dumps(add_up(again).plain) == json.dumps(add_up(facts).plain)


@given(all_facts)
def test_kept_facts_give_the_same_sum_again(facts):
    kept = json.loads(json.dumps(facts.plain))

    again = Facts.from_plain(kept)

    assert again.digest == facts.digest
    assert add_up(again) == add_up(facts)


@pytest.mark.parametrize(
    "broken",
    [
        {"answers": {1: "done"}},
        {"answers": dict.fromkeys(range(1, 27), "done")},
        {"answers": dict.fromkeys(NUMBERS, "yes")},
        {"certifications": (Certification("isso", "verified"),)},
    ],
    ids=["gaps", "one too many", "unknown value", "unknown scheme"],
)
def test_what_cannot_be_rated_is_refused(broken):
    facts = Facts(dict.fromkeys(NUMBERS, "done"), True, False, (False,) * 3, DAY, DAY)

    with pytest.raises(Unusable):
        add_up(replace(facts, **broken))


@pytest.mark.parametrize("broken", [{"status": "valid"}, {"scope_covers": "all"}])
def test_a_certificate_that_cannot_be_is_refused(broken):
    with pytest.raises(Unusable):
        Certification(**{"scheme": "isms", "status": "verified", **broken})
