"""How long a watchdog waits for a worker: silence counts only where a sign could be given."""

import pytest

from config.patience import ASKS_AGAIN, STARTS, Patience
from config.signs import Seen

LIMIT, TASK = 180.0, 1800.0  # seconds
AT_ONE, AT_TWO = frozenset({(7, 1)}), frozenset({(7, 1), (8, 1)})


@pytest.fixture
def patience():
    return Patience(LIMIT, TASK, processes=2)


def seconds_until_over(patience, *, taken=1, busy=frozenset(), reachable=True):
    """How long the same is seen, once a second, until it is too long; None where it never is."""
    for second in range(1, 4000):
        if patience.is_over(Seen(taken, busy), reachable=reachable, awake=1.0):
            return second
    return None


def test_a_worker_that_takes_nothing_more_is_over_after_the_limit(patience):
    patience.is_over(Seen(1, frozenset()), reachable=True, awake=1.0)

    assert seconds_until_over(patience) == LIMIT


def test_one_that_has_not_shown_itself_yet_is_given_more(patience):
    assert seconds_until_over(patience, taken=0) == STARTS + LIMIT


def test_each_task_that_is_taken_begins_the_time_anew(patience):
    for taken in range(1, 1000):
        assert not patience.is_over(Seen(taken, frozenset()), reachable=True, awake=LIMIT - 1)


def test_while_the_broker_is_away_no_time_counts_and_after_it_some_is_added(patience):
    patience.is_over(Seen(1, frozenset()), reachable=True, awake=1.0)

    assert seconds_until_over(patience, reachable=False) is None
    assert seconds_until_over(patience) == ASKS_AGAIN + LIMIT


def test_an_absence_does_not_shorten_the_time_of_a_start(patience):
    patience.is_over(Seen(0, frozenset()), reachable=False, awake=1.0)

    assert seconds_until_over(patience, taken=0) == STARTS + LIMIT


def test_while_all_its_processes_are_at_a_task_it_is_let_be_until_the_tasks_are_too_old(patience):
    patience.is_over(Seen(1, frozenset()), reachable=True, awake=1.0)

    assert seconds_until_over(patience, busy=AT_TWO) == pytest.approx(TASK + LIMIT, abs=2)


def test_with_one_process_free_it_has_to_take_what_there_is(patience):
    patience.is_over(Seen(1, frozenset()), reachable=True, awake=1.0)

    assert seconds_until_over(patience, busy=AT_ONE) == LIMIT
