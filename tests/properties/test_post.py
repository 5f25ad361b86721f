"""Over holidays, whatever both sides, workers and clocks do: each letter once, in time."""

from collections import Counter

import pytest
from hypothesis import Phase, seed
from hypothesis import settings as effort
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.post.machine import BEGINNINGS, STORIES, Post
from tests.soaking import often

pytestmark = pytest.mark.usefixtures("committed")
EXAMPLES = often(60, otherwise=6)
WORTH_SEEING = (
    "launched", "campaign cancelled", "submit", "return", "sent invitation", "sent first_reminder",
    "sent second_reminder", "sent after_due", "sent cancelled", "sent returned",
    "sent certificate_expiring",
)  # fmt: skip


@pytest.mark.soak
def test_each_letter_leaves_once_in_office_hours_and_to_nobody_too_often():
    counted = Counter()

    for story in STORIES:
        play(counted, [story], max_examples=1, stateful_step_count=1)
    play(counted, BEGINNINGS, max_examples=EXAMPLES, stateful_step_count=12)

    assert [name for name in WORTH_SEEING if not counted[name]] == [], counted


def play(counted, among, **how):
    """Each plays one of these stories first, and goes on from there."""

    class Observed(Post):
        seen, stories = counted, among

    seed(4)(Observed)
    run_state_machine_as_test(
        Observed, settings=effort(**how, phases=[Phase.generate], database=None)
    )
