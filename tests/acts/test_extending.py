"""The supplier takes more time by itself: once, in time, and no further than is allowed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import extending, reminding
from assessments.errors import NotByOneself, NotLater, WrongStatus
from assessments.models import Occasion, Status
from events.models import Event
from tests.factories import AssessmentFactory, ContactFactory

pytestmark = pytest.mark.django_db
DUE_ON = date(2026, 12, 18)
LATEST = date(2027, 1, 1)
NOW = datetime(2026, 12, 15, 1, tzinfo=UTC)


def ask(**fields):
    return AssessmentFactory.create(due_on=DUE_ON, **fields)


def extend(assessment, due_on=LATEST, now=NOW):
    return extending.extend_oneself(assessment, due_on=due_on, now=now)


def test_the_last_allowed_day_is_taken_and_said_by_whom():
    assessment = extend(ask())

    assert (assessment.due_on, assessment.original_due_on) == (LATEST, DUE_ON)
    assert assessment.self_extended_at == NOW
    assert Event.objects.get().actor == assessment.supplier_actor().plain()


@pytest.mark.parametrize(
    ("due_on", "refusal"),
    [
        (LATEST + timedelta(days=1), NotByOneself),
        (date(9999, 12, 31), NotByOneself),
        (DUE_ON, NotLater),
        (DUE_ON - timedelta(days=1), NotLater),
    ],
)
def test_other_days_are_refused_and_change_nothing(due_on, refusal):
    assessment = ask()

    with pytest.raises(refusal):
        extend(assessment, due_on)

    assessment.refresh_from_db()
    assert (assessment.due_on, assessment.extensions) == (DUE_ON, 0)
    assert not Event.objects.exists()


def test_a_second_time_needs_the_contractor():
    assessment = extend(ask(), DUE_ON + timedelta(days=1))

    with pytest.raises(NotByOneself):
        extend(assessment, DUE_ON + timedelta(days=2))


def test_on_the_due_day_it_is_still_possible_and_after_midnight_in_japan_no_more():
    before = datetime(2026, 12, 18, 14, 59, tzinfo=UTC)

    with pytest.raises(NotByOneself):
        extend(ask(), now=before + timedelta(minutes=1))

    assert extend(ask(), now=before).due_on == LATEST


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.EXPIRED, Status.CANCELLED])
def test_what_waits_for_no_answer_is_not_extended(status):
    with pytest.raises(WrongStatus):
        extend(ask(status=status))


@given(most=st.integers(0, 60), wanted=st.integers(1, 70))
def test_no_more_than_the_contractor_allows(most, wanted):
    contact = ContactFactory.create(contractor__self_extension_days=most)
    assessment = ask(contact=contact, contractor=contact.contractor)
    due_on = DUE_ON + timedelta(days=wanted)

    try:
        taken = extend(assessment, due_on).due_on == due_on
    except NotByOneself:
        taken = False

    assert taken == (wanted <= most)


def test_what_was_sent_before_is_not_sent_again_and_the_new_day_has_letters_of_its_own():
    assessment = ask(remind_at=NOW, number=20)
    reminding.write_due(now=NOW)

    extend(assessment, now=NOW + timedelta(minutes=1))
    for days_later in range(1, 40):
        reminding.write_due(now=NOW + timedelta(days=days_later))

    told = Occasion.objects.order_by("pk").values_list("kind", "arose_on")
    assert list(told) == [
        ("second_reminder", date(2026, 12, 15)),
        ("extended", date(2026, 12, 15)),
        ("second_reminder", date(2026, 12, 24)),
        ("after_due", date(2027, 1, 5)),
    ]
