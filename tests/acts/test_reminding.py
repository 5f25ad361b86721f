from datetime import UTC, date, datetime, timedelta

import pytest

from assessments import consulting, reminding
from assessments.models import Assessment, Consultation, Mail, Occasion, Side, Status
from assessments.speaking import Matter, Voice
from contractors.actors import SYSTEM
from events.models import Event
from suppliers.models import Contact, Supplier
from tests.factories import AssessmentFactory, ContractorFactory

pytestmark = pytest.mark.django_db

DUE_ON = date(2026, 12, 18)  # a Friday
BEFORE = datetime(2026, 12, 15, 1, tzinfo=UTC)  # ten in the morning in Tokyo, three days before
AFTER = datetime(2026, 12, 21, 1, tzinfo=UTC)  # the Monday after


def ask(number=20, **fields):
    return AssessmentFactory.create(due_on=DUE_ON, remind_at=BEFORE, number=number, **fields)


def test_three_business_days_before_and_one_after_a_letter_is_owed_then_the_request_expires():
    assessment = ask()

    for now in (BEFORE, BEFORE + timedelta(minutes=10), AFTER, AFTER + timedelta(days=60)):
        reminding.write_due(now=now)

    kinds = Occasion.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["second_reminder", "after_due"]
    assert list(Event.objects.order_by("sequence").values_list("kind", flat=True)) == [
        "assessment.reminded",
        "assessment.reminded",
        "assessment.expired",
    ]
    assessment.refresh_from_db()
    assert (assessment.status, assessment.remind_at) == (Status.EXPIRED, None)


def test_a_clock_that_steps_back_reminds_nobody_twice():
    ask()
    reminding.write_due(now=BEFORE)
    Assessment.objects.update(remind_at=BEFORE)

    reminding.write_due(now=BEFORE + timedelta(minutes=1))

    assert Mail.objects.count() == Occasion.objects.count() == Event.objects.count() == 1


@pytest.mark.parametrize(
    "late",
    [
        datetime(2026, 12, 15, 9, tzinfo=UTC),  # six in the evening
        datetime(2026, 12, 15, 16, tzinfo=UTC),  # one at night
        datetime(2026, 12, 19, 2, tzinfo=UTC),  # a Saturday
    ],
)
def test_a_sweep_outside_office_hours_waits_for_the_next_opening(late):
    assessment = ask()

    reminding.write_due(now=late)

    assessment.refresh_from_db()
    assert not Mail.objects.exists()
    assert assessment.remind_at > late
    reminding.write_due(now=assessment.remind_at)
    assert Mail.objects.count() == 1


def test_what_was_slept_through_is_not_made_up_for():
    ask()

    reminding.write_due(now=AFTER)

    assert Occasion.objects.get().kind == Occasion.Kind.AFTER_DUE


@pytest.mark.parametrize("gone", ["bounced", "opted_out", "archived"])
def test_who_cannot_be_written_to_gets_no_letter_and_makes_no_event(gone):
    ask()
    if gone == "archived":
        Supplier.objects.update(status=gone)
    else:
        Contact.objects.update(status=gone)

    reminding.write_due(now=BEFORE)

    assert not Mail.objects.exists()
    assert not Event.objects.exists()


def test_one_sweep_serves_many_contractors_with_a_sequence_each():
    for contractor in ContractorFactory.create_batch(3):
        for number in (20, 40):
            ask(number, contractor=contractor)

    assert reminding.write_due(now=BEFORE) == 6

    sequences = Event.objects.order_by("contractor", "sequence").values_list("sequence", flat=True)
    assert list(sequences) == [1, 2] * 3


def test_a_sweep_costs_the_same_queries_for_any_number(django_assert_num_queries):
    [contractor] = ContractorFactory.create_batch(1)
    for number in range(20, 220, 20):
        ask(number, contractor=contractor)

    with django_assert_num_queries(10):
        reminding.write_due(now=BEFORE)


def test_while_both_sides_talk_nobody_is_reminded_and_no_day_passes():
    assessment = ask()
    thread = consulting.start(
        assessment,
        Matter(Consultation.Kind.TALKS, "期限を相談させてください。", ["time"]),
        voice=Voice(Side.SUPPLIER, SYSTEM),
        now=BEFORE,
    )
    late = AFTER + timedelta(days=60)

    assert reminding.write_due(now=AFTER) == reminding.write_due(now=late) == 0
    consulting.close(thread, voice=Voice(Side.SUPPLIER, SYSTEM), now=late)
    assert reminding.write_due(now=late) == 1

    assessment.refresh_from_db()
    assert assessment.status == Status.EXPIRED
    assert not Mail.objects.exists()
