"""A certificate ends with a day in Japan: foretold, told once, and the rating follows."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from events.models import Event
from questionnaires.scoring import Part, Score
from ratings import rating, rerating
from ratings.models import Rating
from suppliers import lapsing
from suppliers.models import Certification, State, Status, Supplier
from tests.factories import CertificationFactory, ContractorFactory, SupplierFactory

pytestmark = pytest.mark.django_db

LAST = date(2026, 3, 31)
BEFORE = datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)
AFTER = datetime(2026, 3, 31, 15, 0, 0, tzinfo=UTC)
START = datetime(2025, 4, 1, tzinfo=UTC)
DONE = dict.fromkeys(range(1, 26), "done")
SCORE = Score(100, "100", {"1": Part(20, 20), "2": Part(52, 52), "3": Part(28, 28)}, ())


def hold(scheme="pmark", state=State.VERIFIED, **fields):
    fields = {"valid_until": LAST, "scope_covers": "yes", "created_at": START} | fields
    row = CertificationFactory.build(scheme=scheme, state=state, **fields)
    row.contractor = fields.get("contractor") or ContractorFactory.create()
    row.supplier = fields.get("supplier") or SupplierFactory.create(contractor=row.contractor)
    row.watch_at = row.next_watch(after=fields["created_at"])
    row.save(force_insert=True)
    return row


def rate(supplier, now=START):
    made, _ = rating.rate(
        supplier, answers=DONE, person=True, self_diagnosis=SCORE, incident_open=False, now=now
    )
    return made


def sweep(now):
    while lapsing.watch(now=now):
        pass
    rerating.rerate(now=now)


def told():
    return [(event.kind, event.detail.get("step")) for event in Event.objects.order_by("sequence")]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize("where", ["server", "django"])
def test_it_counts_until_the_last_second_of_its_last_day_in_japan(zone, where, settings, request):
    row = hold("isms")
    if where == "server":
        request.getfixturevalue("monkeypatch").setenv("TZ", zone)
        time.tzset()
    else:
        settings.TIME_ZONE = zone
        timezone.activate(zone)

    try:
        before, after = rate(row.supplier, BEFORE), rate(row.supplier, AFTER)
    finally:
        timezone.deactivate()
        os.environ.pop("TZ", None)
        time.tzset()

    assert (before.grade, after.grade) == ("A", "B")
    assert (after.score, after.inputs["as_of"]) == (Decimal("79.99"), "2026-04-01")
    [kept] = after.inputs["certifications"]
    assert kept["status"] == "expired"


def test_the_clock_says_it_in_the_second_after_and_the_rating_follows():
    row = hold("isms")
    rate(row.supplier)

    sweep(BEFORE)
    row.supplier.refresh_from_db()
    assert row.supplier.standing_grade == "A"
    assert "certification.expired" not in [kind for kind, _ in told()]
    sweep(AFTER)

    row.supplier.refresh_from_db()
    assert row.supplier.standing_grade == "B"
    assert row.supplier.rating_due_at > AFTER  # when the answers are old
    expired, changed = Event.objects.order_by("sequence")[1:]
    assert (expired.kind, expired.subject_id) == ("certification.expired", row.public_id)
    assert expired.detail == {"scheme": "isms", "step": "expired", "day": "2026-03-31"}
    assert changed.kind == "rating.changed"
    assert changed.detail == {"old_level": "medium", "new_level": "medium"}  # the grade fell
    assert changed.actor == {"type": "system", "id": None}


@pytest.mark.parametrize(("scheme", "early"), [("pmark", (240, 135)), ("isms", (90, 14))])
def test_its_end_is_foretold_twice_and_told_once(scheme, early):
    hold(scheme)

    for count in (
        *range(242, 237, -1),
        *range(137, 133, -1),
        *range(92, 87, -1),
        *range(16, -4, -1),
    ):
        moment = AFTER - timedelta(days=count + 1, seconds=-1)
        before = len(told())
        sweep(moment)
        assert len(told()) - before == (count in early or count == -1), count

    assert [step for _, step in told()] == ["expiring", "expiring", "expired"]
    assert Certification.objects.get().watch_at is None


def test_what_was_slept_through_is_not_made_up_for():
    hold()

    sweep(AFTER + timedelta(days=400))

    assert told() == [("certification.expired", "expired")]


def test_a_clock_that_steps_back_says_nothing_twice():
    hold()
    sweep(AFTER)

    sweep(BEFORE)
    sweep(AFTER + timedelta(hours=1))

    assert told() == [("certification.expired", "expired")]


@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN])
def test_what_is_closed_is_not_watched(state):
    assert hold(state=state).watch_at is None


def test_the_end_of_what_was_renewed_is_not_foretold_and_no_letter_is_owed():
    old = hold()
    hold(follows=old, supplier=old.supplier, contractor=old.contractor, valid_until=None)

    sweep(AFTER - timedelta(days=10))
    sweep(AFTER)

    assert told() == [("certification.expired", "expired")]
    old.refresh_from_db()
    assert (old.letter, old.letter_due_at) == ("", None)


def test_a_filed_renewal_runs_out():
    row = hold(
        state=State.RENEWAL_PENDING, valid_until=None, renewal_filed_on=date(2026, 1, 1),
        pending_until=LAST,
    )  # fmt: skip

    sweep(AFTER)

    assert told() == [("certification.expired", "expired")]
    assert row.status_on(date(2026, 4, 1)) is Status.EXPIRED


def test_a_declaration_is_asked_about_every_year():
    row = hold("security_action_2", State.DECLARED, valid_until=None, reconfirm_on=LAST)
    assert row.watch_at == datetime(2026, 3, 30, 15, tzinfo=UTC)

    sweep(BEFORE)
    sweep(AFTER)
    sweep(AFTER + timedelta(days=366))

    assert told() == [("certification.expiring", "reconfirm")] * 2
    row.refresh_from_db()
    assert row.letter == "reconfirm"


def test_a_certificate_of_the_edition_of_2013_ended_on_its_day():
    row = hold("isms", edition="2013", valid_until=date(2027, 3, 31))

    sweep(datetime(2025, 10, 30, 15, tzinfo=UTC))

    assert told()[-1] == ("certification.expired", "expired")
    assert row.status_on(date(2025, 10, 31)) is Status.EXPIRED


def test_a_sweep_costs_the_same_queries_for_any_number(django_assert_num_queries):
    contractor = ContractorFactory.create()
    for _ in range(5):
        hold(contractor=contractor)

    with django_assert_num_queries(10):
        assert lapsing.watch(now=AFTER) == 5
    with django_assert_num_queries(3):
        assert lapsing.watch(now=AFTER) == 0


def test_nothing_is_stored_twice_for_the_same_facts():
    row = hold("isms")
    rate(row.supplier)

    for _ in range(2):
        Supplier.objects.update(rating_due_at=BEFORE)
        sweep(BEFORE)

    assert Rating.objects.count() == 1
    assert Supplier.objects.get().rating_due_at > BEFORE


def test_exposure_changes_the_level_and_keeps_the_answers():
    supplier = SupplierFactory.create(
        exposure_confidential_information=False,
        exposure_business_continuity=False,
        exposure_system_access=False,
    )
    first = rate(supplier)
    Supplier.objects.update(
        exposure_confidential_information=True, exposure_business_continuity=True,
        rating_due_at=AFTER,
    )  # fmt: skip

    sweep(AFTER)

    second = Rating.objects.latest("pk")
    assert (first.level, second.level) == ("low", "medium")
    assert second.inputs["answers"] == first.inputs["answers"]
    assert second.inputs["answered_on"] == first.inputs["answered_on"]
    assert second.result["self_diagnosis"] == first.result["self_diagnosis"]
    assert Event.objects.get().kind == "rating.changed"


def test_who_never_answered_is_not_rated():
    supplier = SupplierFactory.create(rating_due_at=AFTER)

    sweep(AFTER)

    supplier.refresh_from_db()
    assert (supplier.rating_due_at, supplier.standing_level) == (None, "")
    assert not Rating.objects.exists()


def test_a_crash_in_a_batch_costs_a_wait():
    row = hold("isms")
    rate(row.supplier)
    lapsing.watch(now=AFTER)

    with transaction.atomic():
        assert rerating.rerate(now=AFTER) == 1
        transaction.set_rollback(True)

    row.supplier.refresh_from_db()
    assert (row.supplier.standing_grade, row.supplier.rating_due_at) == ("A", AFTER)
    assert Rating.objects.count() == 1
    assert rerating.rerate(now=AFTER) == 1
    row.supplier.refresh_from_db()
    assert row.supplier.standing_grade == "B"
