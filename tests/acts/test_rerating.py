"""What is due is rated again in batches: set-based, resumable, each time with its cause."""

import os
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from contractors.models import Contractor
from events.models import Event
from ratings import rerating
from ratings.models import Rating
from suppliers.models import Supplier
from tests.acts.test_lapsing import AFTER, BEFORE, LAST, hold, rate
from tests.factories import CertificationFactory, ContractorFactory, SupplierFactory
from tests.racing import together

pytestmark = pytest.mark.django_db

OLD = datetime(2026, 4, 1, 15, tzinfo=UTC)  # answered on 2025-04-01, fresh until the same day
STALE = datetime(2026, 10, 1, 15, tzinfo=UTC)


def supplier_in(contractor=None, **fields):
    exposure = {f"exposure_{name}": False for name in Supplier.EXPOSURE}
    return SupplierFactory.create(contractor=contractor or ContractorFactory(), **exposure | fields)


def owe(now=AFTER, **changed):
    Supplier.objects.update(rating_due_at=now, **changed)


def causes():
    return list(Rating.objects.order_by("pk").values_list("cause", flat=True))


def test_answers_are_owed_a_rating_on_the_day_they_are_old_and_on_the_day_they_are_stale():
    supplier = supplier_in()
    made = rate(supplier)
    assert Supplier.objects.get().rating_due_at == OLD

    assert rerating.rerate(now=OLD - timedelta(seconds=1)) == 0
    assert rerating.rerate(now=OLD) == 1
    old = Rating.objects.latest("pk")
    assert Supplier.objects.get().rating_due_at == STALE
    assert rerating.rerate(now=STALE) == 1
    stale = Rating.objects.latest("pk")

    told = [each.result["confidence"]["value"] for each in (made, old, stale)]
    assert told == ["medium", "low", "low"]
    assert [each.level for each in (made, old, stale)] == ["low", "low", "unknown"]
    assert stale.result["flags"] == ["answers_stale"]
    assert (stale.score, stale.cause) == (made.score, "stale")
    assert Supplier.objects.get().rating_due_at is None
    assert causes() == ["submitted", "stale", "stale"]


def test_a_change_in_between_does_not_lose_the_day():
    supplier = supplier_in()
    rate(supplier)

    owe(BEFORE)
    rerating.rerate(now=BEFORE)

    assert Supplier.objects.get().rating_due_at == OLD
    assert Rating.objects.count() == 1


def test_new_answers_move_the_day():
    supplier = supplier_in()
    rate(supplier)

    rate(supplier, now=BEFORE)

    assert Supplier.objects.get().rating_due_at == datetime(2027, 3, 31, 15, tzinfo=UTC)


def test_each_rating_says_why_it_was_made():
    supplier = supplier_in()
    row = hold("isms", supplier=supplier, contractor=supplier.contractor)
    rate(supplier)
    owe(BEFORE, exposure_system_access=True)
    rerating.rerate(now=BEFORE)
    CertificationFactory.create(contractor=supplier.contractor, supplier=supplier)
    owe(BEFORE)
    rerating.rerate(now=BEFORE)

    owe(AFTER)
    rerating.rerate(now=AFTER)  # the certificate ended

    assert row.valid_until == LAST
    assert causes() == ["submitted", "exposure", "certificate", "lapse"]


def test_a_batch_costs_the_same_queries_for_any_number(django_assert_num_queries):
    contractor = ContractorFactory.create()
    for _ in range(2):
        rate(hold("isms", contractor=contractor).supplier)
    owe(AFTER)
    with django_assert_num_queries(COST):
        assert rerating.rerate(now=AFTER) == 2
    for _ in range(5):
        rate(hold("isms", contractor=contractor).supplier)
    owe(AFTER, exposure_system_access=True)

    with django_assert_num_queries(COST):
        assert rerating.rerate(now=AFTER) == 7
    with django_assert_num_queries(3):
        assert rerating.rerate(now=AFTER) == 0


# Two ends, the claim, certificates, last ratings, standings, contractors, and what happened:
# counter, events, endpoints. COPY is not counted.
COST = 11


def test_a_batch_is_bounded_and_the_next_goes_on():
    contractor = ContractorFactory.create()
    for _ in range(5):
        rate(supplier_in(contractor))
    owe(AFTER, exposure_system_access=True)

    assert [rerating.rerate(now=AFTER, limit=2) for _ in range(4)] == [2, 2, 1, 0]

    assert Rating.objects.count() == 10
    assert Event.objects.filter(kind="rating.changed").count() == 0  # A and exposure 1 are low


def test_what_happened_is_numbered_by_contractor():
    contractors = [ContractorFactory.create() for _ in range(3)]
    for contractor in contractors * 2:
        rate(supplier_in(contractor))
    owe(AFTER, **{f"exposure_{name}": True for name in Supplier.EXPOSURE})

    assert rerating.rerate(now=AFTER) == 6

    told = Event.objects.order_by("contractor", "sequence").values_list("contractor", "sequence")
    assert list(told) == [(each.pk, number) for each in contractors for number in (1, 2)]
    assert {str(each.detail) for each in Event.objects.all()} == {
        "{'new_level': 'medium', 'old_level': 'low'}"
    }


def test_erased_inputs_are_passed_over():
    supplier = supplier_in()
    made = rate(supplier)
    made.pk, made.public_id, made.inputs = None, supplier.public_id, {}
    made.save(force_insert=True)
    owe(AFTER, exposure_system_access=True)

    assert rerating.rerate(now=AFTER) == 1

    assert Rating.objects.count() == 2
    assert Supplier.objects.get().rating_due_at is None


def test_workers_at_the_same_moment_rate_each_once(committed):
    contractor = ContractorFactory.create()
    for _ in range(40):
        rate(supplier_in(contractor))
    owe(AFTER, **{f"exposure_{name}": True for name in Supplier.EXPOSURE})

    done = together(lambda: sum(iter(lambda: rerating.rerate(now=AFTER, limit=5), 0)))

    assert sum(done) == 40
    assert Rating.objects.count() == 80
    sequences = Event.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, 41))


def test_a_kill_at_any_moment_costs_a_wait(committed):
    contractor = ContractorFactory.create()
    for _ in range(12):
        rate(supplier_in(contractor))
    owe(AFTER, **{f"exposure_{name}": True for name in Supplier.EXPOSURE})

    for pause in range(8):
        _killed_after(pause * 0.01)
    while Supplier.objects.filter(rating_due_at__lte=AFTER).exists():
        rerating.rerate(now=AFTER, limit=3)

    assert Rating.objects.count() == 24
    assert Event.objects.filter(kind="rating.changed").count() == 12
    assert Contractor.objects.count() == 1


def _killed_after(seconds):
    """A batch in a process of its own, which is killed with -9 at that moment if it still runs."""
    connections.close_all()  # a connection cannot be shared with a child
    child = os.fork()
    if child == 0:
        try:
            rerating.rerate(now=AFTER, limit=3)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
