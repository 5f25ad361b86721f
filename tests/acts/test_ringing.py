"""The bell is rung after the commit; one that does not answer is left alone for a while."""

import pytest
from celery.exceptions import OperationalError
from django.db import transaction

from events import bell

SEND = "assessments.send_mail"


@pytest.fixture
def fresh(monkeypatch):
    """As in a process that has not rung yet. Nobody listens to the tests' bell."""
    monkeypatch.setattr(bell, "_quiet_until", 0.0)


def test_after_a_ring_that_nobody_heard_the_next_ones_cost_nothing(fresh):
    with pytest.raises(OperationalError):
        bell.ring_now(SEND)

    bell.ring_now(SEND)
    assert bell.ring_if(True, SEND)


@pytest.mark.usefixtures("committed")
def test_a_ring_that_nobody_heard_fails_no_act(fresh):
    with transaction.atomic():
        bell.ring(SEND)
        assert bell._quiet_until == 0.0, "rung before the commit"

    assert bell._quiet_until > 0.0
