"""Nothing that is withheld can be worked out, not even by who knows every total and this code."""

import itertools

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ratings.suppressing import Cell, groups, total, withhold

BASES = st.lists(st.integers(1, 14), min_size=2, max_size=4)


@st.composite
def tables(draw):
    bases = draw(BASES)
    counts = [draw(st.integers(0, base)) for base in bases]
    also = draw(st.sets(st.sampled_from(range(len(bases))), max_size=1))
    return [Cell(n, of) for n, of in zip(counts, bases, strict=True)], also


@given(table=tables())
@example(table=([Cell(6, 11), Cell(0, 11)], set()))  # one small count, and a total that is shown
@settings(deadline=None, max_examples=150)
def test_no_withheld_cell_can_be_worked_out(table):
    cells, also = table
    withheld = withhold(cells, also)
    assume(withheld.places)

    possible = [*fitting(cells, withheld, also)]

    for place in withheld.places:
        assert len({table[place].n for table in possible}) > 1, (cells, withheld)


@given(table=tables())
def test_no_small_cell_is_shown_and_no_total_that_is_small(table):
    cells, also = table

    withheld = withhold(cells, also)

    shown = [cell for place, cell in enumerate(cells) if place not in withheld.places]
    assert not [cell for cell in shown if cell.n < 5 or cell.of - cell.n < 5]
    assert withheld.total == (total(cells).n < 5 or total(cells).of - total(cells).n < 5)
    assert also <= withheld.places


@given(table=tables())
def test_one_cell_alone_is_never_withheld_beside_a_total(table):
    cells, also = table

    withheld = withhold(cells, also)

    assert withheld.total or len(withheld.places) != 1


def test_a_table_without_small_cells_is_shown_whole():
    withheld = withhold([Cell(5, 10), Cell(20, 40), Cell(7, 100)])

    assert not withheld.places
    assert not withheld.total


def test_the_smallest_of_the_others_stands_before_a_small_cell():
    withheld = withhold([Cell(3, 40), Cell(30, 60), Cell(20, 200)])

    assert withheld.places == {0, 1}


def test_a_column_of_one_cell_that_another_table_withholds_has_no_total_either():
    withheld = withhold([Cell(6, 20)], also={0})

    assert (withheld.places, withheld.total) == ({0}, True)


@given(sizes=st.lists(st.integers(0, 20), max_size=8))
def test_groups_that_are_not_told_are_none_or_five_firms_together(sizes):
    places = groups(sizes)

    kept = [size for place, size in enumerate(sizes) if place not in places]
    assert all(size >= 5 for size in kept)
    untold = sum(sizes[place] for place in places)
    assert untold == 0 or untold >= 5 or not kept


def test_counts_of_a_hundred_thousand_firms_are_decided_at_once():
    cells = [Cell(4_997, 5_000)] * 20 + [Cell(500, 5_000)]

    assert len(withhold(cells).places) == 20


@pytest.mark.parametrize(
    ("n", "of", "percent"), [(1, 8, 12.5), (2, 3, 66.7), (1, 3, 33.3), (0, 9, 0.0), (0, 0, None)]
)
def test_a_percentage_has_one_decimal(n, of, percent):
    assert Cell(n, of).percent == percent


def fitting(cells, withheld, also):
    """Every table that would be shown just like this one, totals and bases being the same."""
    ranges = [
        range(cell.of + 1) if place in withheld.places else [cell.n]
        for place, cell in enumerate(cells)
    ]
    for counts in itertools.product(*ranges):
        other = [Cell(n, cell.of) for n, cell in zip(counts, cells, strict=True)]
        same_total = withheld.total or total(other) == total(cells)
        if same_total and withhold(other, also) == withheld:
            yield other
