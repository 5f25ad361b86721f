"""What a twin breaks is still there: else it would be seen only when all of them are run."""

import pytest
from django.conf import settings

from tests.gates import test_gates, test_letter_gates, test_rating_gates

TWINS = [*test_gates.TWINS, *test_letter_gates.TWINS, *test_rating_gates.TWINS]


@pytest.mark.parametrize(("path", "right"), [each.values[:2] for each in TWINS])
def test_a_twin_has_its_line(path, right):
    assert right in (settings.BASE_DIR / path).read_text()
