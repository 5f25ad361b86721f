"""The newest rating that holds stands; a certificate alone never replaces better answers."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from questionnaires.scoring import Part, Score
from ratings import rating, rerating
from ratings.models import Rating
from suppliers.models import State, Supplier
from tests.acts.test_lapsing import AFTER, BEFORE, DONE, START, hold, rate
from tests.acts.test_rerating import OLD, STALE, owe, supplier_in
from tests.factories import CertificationFactory

pytestmark = pytest.mark.django_db

POOR = dict.fromkeys(DONE, "not_done")
NOTHING = Score(0, "49-", {"1": Part(0, 20), "2": Part(0, 52), "3": Part(0, 28)}, ())


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


def standing():
    supplier = Supplier.objects.get()
    return supplier.standing_level, supplier.standing_grade, str(supplier.standing_score)


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
