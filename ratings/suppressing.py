"""Counts of few firms are withheld, and so many others that nothing withheld can be worked out.

Whoever reads a table is taken to know every total and every base, since other tables may tell them,
and how this module decides. Even so each withheld cell could be one of several. No Django.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LEAST: Final = 5  # firms, below which a count tells of single ones


@dataclass(frozen=True)
class Cell:
    """`n` firms of `of`, both counts."""

    n: int
    of: int

    @property
    def small(self) -> bool:
        """Too few firms, or all but too few: either tells of single ones."""
        return self.n < LEAST or self.of - self.n < LEAST

    @property
    def percent(self) -> float | None:
        """Of 100, to one decimal, half upwards; None of nobody."""
        return (2000 * self.n + self.of) // (2 * self.of) / 10 if self.of else None


@dataclass(frozen=True)
class Withheld:
    """Places of the cells that are not shown, and whether their total is not shown either."""

    places: frozenset[int]
    total: bool


def total(cells: Sequence[Cell]) -> Cell:
    return Cell(sum(cell.n for cell in cells), sum(cell.of for cell in cells))


def withhold(cells: Sequence[Cell], also: Collection[int] = ()) -> Withheld:
    """What to withhold of the cells of one column, which add up to its total.

    Small ones, then the next by their base until each could be one of several. `also`: places that
    another table withholds, and that this one would tell.
    """
    places = {place for place, cell in enumerate(cells) if cell.small} | set(also)
    before = sorted(set(range(len(cells))) - places, key=lambda place: (cells[place].of, place))
    while before and not _open(cells, places, also):
        places.add(before.pop(0))
    alone = len(places) == 1 == len(cells)
    return Withheld(frozenset(places), total=total(cells).small or alone)


def groups(sizes: Sequence[int]) -> frozenset[int]:
    """Places of the groups of which nothing is told, so that no few firms remain beside the total.

    `sizes`: firms of each group; together they are all.
    """
    places = {place for place, size in enumerate(sizes) if size < LEAST}
    before = sorted(set(range(len(sizes))) - places, key=lambda place: (sizes[place], place))
    while before and 0 < sum(sizes[place] for place in places) < LEAST:
        places.add(before.pop(0))
    return frozenset(places)


def _open(cells: Sequence[Cell], places: Collection[int], free: Collection[int]) -> bool:
    """Whether each could be another one, though their sum and which of them are small is known."""
    together = sum(cells[place].n for place in places)
    spans = {place: _spans(cells[place], free=place in free) for place in places}
    for place in places:
        rest = 1  # a bit for each sum that the others can make
        for other in places:
            if other != place:
                rest = _sums(rest, spans[other])
        if sum(rest >> together - n & 1 for n in _values(spans[place], together)) < 2:
            return False
    return True


def _spans(cell: Cell, *, free: bool) -> list[tuple[int, int]]:
    """From where to where the count can lie for whoever knows whether it is small."""
    low, high = LEAST - 1, cell.of - LEAST + 1
    if free or (cell.small and high <= LEAST):
        return [(0, cell.of)]
    return [(0, low), (high, cell.of)] if cell.small else [(LEAST, cell.of - LEAST)]


def _values(spans: Sequence[tuple[int, int]], most: int) -> Iterator[int]:
    for low, high in spans:
        yield from range(low, min(high, most) + 1)


def _sums(sums: int, spans: Sequence[tuple[int, int]]) -> int:
    """The sums with each number of the spans added: one bit a sum."""
    made = 0
    for low, high in spans:
        moved, done = sums << low, 0
        while done < high - low:
            step = min(done + 1, high - low - done)
            moved |= moved << step
            done += step
        made |= moved
    return made
