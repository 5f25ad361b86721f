"""The life of a request once more, longer, and another one each time."""

import pytest

from tests.properties.model import EDGES
from tests.properties.test_lifecycle import edges, live

pytestmark = pytest.mark.usefixtures("committed")


def test_a_long_life_is_as_the_model_says(record_property):
    seen = live(examples=80, steps=40, seeded=False)

    record_property("life", sorted(seen.items()))
    assert edges(seen) == EDGES
