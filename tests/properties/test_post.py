"""Over holidays, whatever both sides, workers and clocks do: each letter once, in time."""

import os
from collections import Counter

import pytest
from hypothesis import seed
from hypothesis import settings as effort
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.postal import Post

pytestmark = pytest.mark.usefixtures("committed")
EXAMPLES = 60 if os.environ.get("CI") else 4


def test_each_letter_leaves_once_in_office_hours_and_to_nobody_too_often(mailoutbox):
    counted = Counter()

    class Observed(Post):
        seen = counted

    seed(4)(Observed)
    run_state_machine_as_test(
        Observed, settings=effort(max_examples=EXAMPLES, stateful_step_count=12, database=None)
    )

    assert len(mailoutbox) >= 10
    assert counted["sent first_reminder"]
    assert counted["sent cancelled"]
