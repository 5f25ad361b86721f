"""Whatever both sides and the clock do with a request, in any order, it lives as written down."""

from collections import Counter

import pytest
from hypothesis import seed
from hypothesis import settings as effort
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.machine import WAYS, Life
from tests.properties.model import EDGES

pytestmark = pytest.mark.usefixtures("committed")


def test_a_request_lives_as_the_model_says(record_property):
    seen = live(effort(max_examples=3, stateful_step_count=8, database=None), seeded=True)

    record_property("life", sorted(seen.items()))
    assert edges(seen) == EDGES


def live(how, *, seeded):
    """What was seen: how often each rule, status and edge. So many runs on each way.

    Each way has a seed of its own, the same every time, where that is wanted.
    """
    counted = Counter()
    for first, last in [(first, last) for first, lasts in WAYS.items() for last in lasts]:

        class Observed(Life):
            seen, way = counted, f"{first} {last}"

        if seeded:
            seed(sorted(WAYS).index(first) * 100 + len(last))(Observed)
        run_state_machine_as_test(Observed, settings=how)
    return counted


def edges(seen):
    return {tuple(name.split()[1:]) for name in seen if name.startswith("edge ")}
