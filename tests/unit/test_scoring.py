"""IPA's arithmetic: 4, 2, 0 and -1 over 25 items, from -25 to 100, in four bands."""

import copy
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import parsing, reading
from questionnaires.errors import NotScored, Unanswered
from questionnaires.scoring import Part, score

IPA, PROFILE = (parsing.parse(reading.read(path)) for path in reading.files())
POINTS = {"done": 4, "partly": 2, "not_done": 0, "unknown": -1}
NUMBERS = range(1, 26)
answers = st.fixed_dictionaries({number: st.sampled_from(sorted(POINTS)) for number in NUMBERS})
BETTER = ["unknown", "not_done", "partly", "done"]


def all_of(value):
    return dict.fromkeys(NUMBERS, value)


@given(answers)
def test_the_total_is_the_sum_of_the_points_and_stays_in_its_bounds(given_answers):
    result = score(IPA, given_answers)

    assert result.total == sum(POINTS[value] for value in given_answers.values())
    assert -25 <= result.total <= 100


@given(answers)
def test_the_parts_add_up_to_the_total_and_none_exceeds_its_most(given_answers):
    result = score(IPA, given_answers)

    assert sum(part.points for part in result.parts.values()) == result.total
    assert {number: part.most for number, part in result.parts.items()} == {
        "1": 20,
        "2": 52,
        "3": 28,
    }
    assert all(part.points <= part.most for part in result.parts.values())


@given(answers, st.sampled_from(NUMBERS), st.sampled_from(BETTER))
def test_a_better_answer_never_lowers_the_total_nor_any_part(given_answers, number, value):
    best = max(given_answers[number], value, key=BETTER.index)

    before, after = score(IPA, given_answers), score(IPA, given_answers | {number: best})

    assert after.total >= before.total
    assert all(after.parts[each].points >= before.parts[each].points for each in after.parts)


@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(given_answers, chance: random.Random):
    shuffled = list(given_answers.items())
    chance.shuffle(shuffled)

    assert score(IPA, dict(shuffled)) == score(IPA, given_answers)


@given(answers)
def test_the_unknowns_are_those_answered_so_in_the_items_order(given_answers):
    result = score(IPA, given_answers)

    assert result.unknowns == tuple(n for n in NUMBERS if given_answers[n] == "unknown")


@given(answers)
def test_the_band_holds_the_total(given_answers):
    result = score(IPA, given_answers)

    expected = "49-" if result.total <= 49 else "50-69" if result.total <= 69 else "70-99"
    assert result.band == ("100" if result.total == 100 else expected)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (-25, "49-"),
        (0, "49-"),
        (49, "49-"),
        (50, "50-69"),
        (69, "50-69"),
        (70, "70-99"),
        (98, "70-99"),
        (100, "100"),
    ],
)
def test_bands_change_at_their_edges(total, band):
    result = score(IPA, reaching(total))

    assert (result.total, result.band) == (total, band)


def test_the_best_band_is_for_all_points_only():
    document = copy.deepcopy(reading.read(reading.files()[0]))
    document["items"][0]["options"][1]["points"] = 3  # by 4, 2, 0 and -1 nobody reaches 99

    result = score(parsing.parse(document), all_of("done") | {1: "partly"})

    assert (result.total, result.band) == (99, "70-99")


def reaching(total):
    """Answers with exactly this total: the best first, then what is left."""
    values, left = [], total
    for remaining in range(24, -1, -1):
        value = next(v for v in POINTS if fits(left - POINTS[v], remaining))
        values.append(value)
        left -= POINTS[value]
    return dict(zip(NUMBERS, values, strict=True))


def fits(left, remaining):
    if remaining == 0:
        return left == 0
    return -remaining <= left <= 4 * remaining and left not in {
        4 * remaining - 1,
        4 * remaining - 3,
    }


@pytest.mark.parametrize(
    ("value", "total", "parts"),
    [
        ("done", 100, (20, 52, 28)),
        ("partly", 50, (10, 26, 14)),
        ("not_done", 0, (0, 0, 0)),
        ("unknown", -25, (-5, -13, -7)),
    ],
)
def test_one_answer_throughout(value, total, parts):
    result = score(IPA, all_of(value))

    assert result.total == total
    assert result.parts == {
        number: Part(points, most)
        for number, points, most in zip("123", parts, (20, 52, 28), strict=True)
    }


@given(answers, st.sets(st.sampled_from(NUMBERS), min_size=1))
def test_gaps_are_refused_with_their_numbers(given_answers, gaps):
    some = {number: value for number, value in given_answers.items() if number not in gaps}

    with pytest.raises(Unanswered) as refusal:
        score(IPA, some)

    assert refusal.value.numbers == tuple(sorted(gaps))


@pytest.mark.parametrize(
    "wrong", [{1: "yes"}, {1: ""}, {1: "Done"}, {26: "done"}, {0: "done"}], ids=str
)
def test_values_and_items_that_are_not_there_are_refused(wrong):
    with pytest.raises(NotScored):
        score(IPA, all_of("done") | wrong)


def test_a_questionnaire_without_arithmetic_is_not_scored():
    with pytest.raises(NotScored):
        score(PROFILE, {})
