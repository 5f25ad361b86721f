"""What is due is rated again in batches: set-based, resumable, each time with its cause."""

import os
import signal
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from contractors.models import Contractor
from events.models import Event
from questionnaires.scoring import Part, Score
from ratings import rating, rerating, verifying
from ratings.models import Rating
from ratings.verifying import Outcome
from suppliers.models import State, Supplier
from tests.acts.test_lapsing import AFTER, BEFORE, DONE, LAST, START, hold, rate
from tests.factories import CertificationFactory, ContractorFactory, SupplierFactory
from tests.racing import together

pytestmark = pytest.mark.django_db

OLD = datetime(2026, 4, 1, 15, tzinfo=UTC)  # answered on 2025-04-01, fresh until the same day
STALE = datetime(2026, 10, 1, 15, tzinfo=UTC)
POOR = dict.fromkeys(DONE, "not_done")
NOTHING = Score(0, "49-", {"1": Part(0, 20), "2": Part(0, 52), "3": Part(0, 28)}, ())


@pytest.fixture(autouse=True)
def every_rating_comes_to_the_same_again(db):
    yield
    assert {outcome for _, outcome in verifying.verify()} <= {Outcome.SAME, Outcome.ERASED}


def supplier_in(contractor=None, **fields):
    exposure = {f"exposure_{name}": False for name in Supplier.EXPOSURE}
    return SupplierFactory.create(contractor=contractor or ContractorFactory(), **exposure | fields)


def answer(supplier, answers, now):
    made, _ = rating.rate(
        supplier, answers=answers, person=False, self_diagnosis=NOTHING, incident_open=False,
        now=now,
    )  # fmt: skip
    return made


def accept(supplier, now):
    """A certificate in place of answers."""
    made, _ = rating.rate(
        supplier, answers=None, person=False, self_diagnosis=None, incident_open=False, now=now
    )
    return made


def owe(now=AFTER, **changed):
    Supplier.objects.update(rating_due_at=now, **changed)


def standing():
    supplier = Supplier.objects.get()
    return supplier.standing_level, supplier.standing_grade, str(supplier.standing_score)


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


def test_a_certificate_alone_never_replaces_a_better_standing_that_still_holds():
    supplier = supplier_in()
    rate(supplier)
    hold("isms", supplier=supplier, contractor=supplier.contractor, valid_until=date(2028, 1, 1))
    owe(BEFORE)
    rerating.rerate(now=BEFORE)
    assert standing() == ("low", "A", "100.00")
    supplier.refresh_from_db()

    alone = accept(supplier, BEFORE)

    assert (str(alone.score), alone.answered, alone.stands) == ("70.00", False, False)
    assert standing() == ("low", "A", "100.00")


def test_a_certificate_alone_replaces_a_worse_standing_and_stands_on_when_answers_are_stale():
    supplier = supplier_in()
    made = answer(supplier, POOR, START)
    hold("isms", supplier=supplier, contractor=supplier.contractor, valid_until=date(2028, 1, 1))
    assert standing() == ("medium", "E", "0.00")

    alone = accept(supplier, BEFORE)
    assert standing() == ("low", "B", "70.00")
    rerating.rerate(now=OLD)
    rerating.rerate(now=STALE)

    assert (made.stands, alone.stands) == (True, True)
    assert standing() == ("low", "B", "70.00")
    last = list(Rating.objects.order_by("pk"))[-2:]
    assert [(each.answered, each.stands) for each in last] == [(True, False), (False, True)]


def test_the_certificate_takes_over_on_the_day_that_better_answers_are_stale():
    supplier = supplier_in()
    rate(supplier)
    hold("isms", supplier=supplier, contractor=supplier.contractor, valid_until=date(2028, 1, 1))
    accept(supplier, BEFORE)
    rerating.rerate(now=BEFORE)
    assert standing() == ("low", "A", "100.00")

    for now in (OLD, STALE):
        rerating.rerate(now=now)

    assert standing() == ("low", "B", "70.00")
    assert Rating.objects.filter(stands=True).latest("pk").answered is False


def test_answers_take_over_when_the_certificate_alone_lapses():
    supplier = supplier_in()
    answer(supplier, POOR, START)
    hold("isms", supplier=supplier, contractor=supplier.contractor)
    accept(supplier, BEFORE)
    assert standing() == ("low", "B", "70.00")

    owe(AFTER)
    rerating.rerate(now=AFTER)

    assert standing() == ("medium", "E", "0.00")


def test_new_answers_end_a_certificate_accepted_before_them():
    supplier = supplier_in()
    hold("isms", supplier=supplier, contractor=supplier.contractor, valid_until=date(2028, 1, 1))
    accept(supplier, START)

    made, _ = rating.rate(
        supplier,
        answers=POOR,
        person=False,
        self_diagnosis=NOTHING,
        incident_open=False,
        now=BEFORE,
    )
    owe(AFTER, exposure_system_access=True)
    rerating.rerate(now=AFTER)

    assert str(made.score) == "18.00"
    assert standing() == ("high", "E", "18.00")
    assert Rating.objects.count() == 3


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


# Two ends, the claim, certificates, last ratings, COPY, standings, contractors, and what happened:
# counter, events, endpoints.
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


CHANGES = st.lists(
    st.sampled_from(["verify", "withdraw", "exposure", "answers", "accept", "year", "none"]),
    max_size=8,
)


@effort(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_whatever_happens_the_newest_that_stands_is_the_standing(changes):
    with transaction.atomic():
        _happen(supplier_in(), changes)
        transaction.set_rollback(True)


def _happen(supplier, changes):
    now = START
    for change in changes:
        now += timedelta(days=200 if change == "year" else 1)
        _change(supplier, change, now)
        supplier.refresh_from_db()
        rerating.rerate(now=now)
        supplier.refresh_from_db()
        last = Rating.objects.filter(supplier=supplier, stands=True).order_by("pk").last()
        shown = (supplier.standing_level, supplier.standing_grade, supplier.standing_score)
        assert shown == ((last.level, last.grade, last.score) if last else ("", "", None))
        assert supplier.rating_due_at is None or supplier.rating_due_at > now


def _change(supplier, change, now):
    fields = {"contractor": supplier.contractor, "supplier": supplier, "scope_covers": "yes"}
    match change:
        case "verify":
            CertificationFactory.create(scheme="isms", state=State.VERIFIED, **fields)
            owe(now)
        case "withdraw":
            supplier.certifications.update(state=State.WITHDRAWN)
            owe(now)
        case "exposure":
            owe(now, exposure_system_access=not supplier.exposure_system_access)
        case "answers":
            rate(supplier, now)
        case "accept":
            accept(supplier, now)


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
