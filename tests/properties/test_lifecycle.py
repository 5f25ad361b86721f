"""Whatever both sides and the clock do with a request, in any order, it lives as written down."""

from collections import Counter

import pytest
from hypothesis import seed
from hypothesis import settings as effort
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.machine import WAYS, Life
from tests.properties.model import EDGES

pytestmark = pytest.mark.usefixtures("committed")
WORTH_SEEING = ("rule agree", "rule refuse", "said TalksUnanswered", "decided rule")


def test_a_request_lives_as_the_model_says(record_property):
    seen = live(examples=20, steps=10, seeded=True)

    record_property("life", sorted(seen.items()))
    assert edges(seen) == EDGES
    assert [name for name in WORTH_SEEING if not seen[name]] == []


def live(*, examples, steps, seeded):
    """What was seen: how often each rule, status and edge. Each way is gone once, then on from any.

    The first of Hypothesis' examples are the plainest, so many of one run are worth more than a few
    of many. `seeded`: they are the same every time.
    """
    counted = Counter()
    for ways in [[way] for way in WAYS]:
        _run(counted, ways, seeded, max_examples=1, stateful_step_count=1)
    _run(counted, WAYS, seeded, max_examples=examples, stateful_step_count=steps)
    return counted


def _run(counted, among, seeded, **how):
    class Observed(Life):
        seen, ways = counted, among

    if seeded:
        seed(len(among))(Observed)
        how["database"] = None
    run_state_machine_as_test(Observed, settings=effort(**how))


def edges(seen):
    return {tuple(name.split()[1:]) for name in seen if name.startswith("edge ")}
