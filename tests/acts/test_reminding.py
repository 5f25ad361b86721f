from datetime import UTC, date, datetime, timedelta

import pytest

from assessments import consulting, extending, reminding
from assessments.models import (
    Assessment,
    Campaign,
    Consultation,
    Mail,
    Notice,
    Occasion,
    Side,
    Status,
)
from assessments.speaking import Matter, Voice
from contractors.actors import SYSTEM
from events.models import Event
from suppliers.models import Contact, Supplier
from tests.factories import (
    AssessmentFactory,
    ContactFactory,
    ContractorFactory,
    official,
)

pytestmark = pytest.mark.django_db

ASKED = datetime(2026, 12, 1, 1, tzinfo=UTC)  # a Tuesday, ten in the morning in Tokyo
FIRST = datetime(2026, 12, 10, 1, tzinfo=UTC)  # seven business days later
DUE_ON = date(2026, 12, 18)  # a Friday
BEFORE = datetime(2026, 12, 15, 1, tzinfo=UTC)  # ten in the morning in Tokyo, three days before
AFTER = datetime(2026, 12, 21, 1, tzinfo=UTC)  # the Monday after
CALL = datetime(2026, 12, 23, 1, tzinfo=UTC)  # the third business day after


def ask(number=20, **fields):
    told = {"due_on": DUE_ON, "remind_at": BEFORE, "requested_at": ASKED}
    return AssessmentFactory.create(number=number, **told | fields)


def test_two_letters_before_the_due_day_and_one_after_are_owed_then_a_call_then_it_expires():
    assessment = ask(remind_at=FIRST)

    for now in (FIRST, BEFORE, BEFORE + timedelta(minutes=10), AFTER, CALL, CALL):
        reminding.write_due(now=now)
    reminding.write_due(now=CALL + timedelta(days=60))

    kinds = Occasion.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["first_reminder", "second_reminder", "after_due"]
    assert list(Event.objects.order_by("sequence").values_list("kind", flat=True)) == [
        "assessment.reminded",
        "assessment.reminded",
        "assessment.reminded",
        "assessment.escalated",
        "assessment.expired",
    ]
    assessment.refresh_from_db()
    assert (assessment.status, assessment.remind_at) == (Status.EXPIRED, None)


def test_every_step_comes_up_by_the_one_before():
    assessment = ask(remind_at=FIRST)

    moments = []
    while assessment.remind_at:
        moments.append(assessment.remind_at)
        reminding.write_due(now=assessment.remind_at)
        assessment.refresh_from_db()

    assert moments == [FIRST, BEFORE, AFTER, CALL, datetime(2027, 1, 17, 15, tzinfo=UTC)]


def test_a_campaign_has_a_schedule_of_its_own():
    steps = [{"code": "after_due", "from": "due", "business_days": 2, "at": "14:00"}]
    contact = ContactFactory.create()
    campaign = Campaign.objects.create(
        contractor=contact.contractor,
        name="2026年度",
        questionnaire=official("ipa-self-diagnosis"),
        due_on=DUE_ON,
        schedule={"steps": steps, "expires_after": 7},
        created_at=ASKED,
        updated_at=ASKED,
    )
    assessment = ask(
        remind_at=FIRST, campaign=campaign, contractor=contact.contractor, contact=contact
    )

    reminding.write_due(now=FIRST)
    assessment.refresh_from_db()
    reminding.write_due(now=assessment.remind_at)

    occasion = Occasion.objects.get()
    assert (occasion.kind, occasion.arose_on) == ("after_due", date(2026, 12, 22))
    assessment.refresh_from_db()
    assert assessment.remind_at == datetime(2026, 12, 25, 15, tzinfo=UTC)


def test_the_call_is_asked_for_once_a_due_day_also_where_no_mail_arrives():
    assessment = ask(remind_at=CALL)
    Contact.objects.update(status="bounced")

    reminding.write_due(now=CALL)
    Assessment.objects.update(remind_at=CALL)
    reminding.write_due(now=CALL)

    assert [notice.kind for notice in Notice.objects.all()] == ["phone"]
    assert [event.kind for event in Event.objects.all()] == ["assessment.escalated"]
    extending.extend(
        assessment, due_on=date(2027, 1, 29), reason="年末のため", actor=SYSTEM, now=CALL
    )
    assessment.refresh_from_db()
    assert assessment.escalated_at is None
    reminding.write_due(now=datetime(2027, 2, 3, 1, tzinfo=UTC))
    assert Notice.objects.count() == 2


def test_nobody_is_called_whose_supplier_is_archived():
    ask(remind_at=CALL)
    Supplier.objects.update(status="archived")

    reminding.write_due(now=CALL)

    assert not Event.objects.exists()
    assert not Notice.objects.exists()


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
