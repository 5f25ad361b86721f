"""A campaign ends: all its requests have, or it is taken back, in time unheard, later told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from assessments import (
    answering,
    campaigning,
    consulting,
    launching,
    owing,
    reviewing,
    settling,
    submitting,
)
from assessments.answering import Given
from assessments.errors import WrongStatus
from assessments.models import (
    Assessment,
    Campaign,
    Mail,
    Occasion,
    Status,
)
from assessments.reviewing import Return
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from events import operating
from events.models import Event
from suppliers.models import Contact
from tests.acts.campaigning import TEN, TUESDAY, launch, settle, work
from tests.acts.test_consulting import PERSON
from tests.factories import (
    AssessmentFactory,
    CampaignFactory,
    ConsultationFactory,
    ContactFactory,
)

pytestmark = pytest.mark.django_db


def test_a_campaign_that_is_cancelled_in_time_is_never_heard_of(mailbox, strike):
    now = timezone.now()
    campaign = CampaignFactory.create(suppliers=5, at_once=True)
    launch(campaign, now=now)
    work(now)

    campaigning.cancel(campaign, reason="宛先の誤り", actor=SYSTEM, now=now + timedelta(minutes=4))
    for days in range(0, 30, 3):
        strike(now + timedelta(days=days, minutes=6))

    assert mailbox.mails == []
    requests = Assessment.objects.all()
    assert {each.status for each in requests} == {Status.CANCELLED}
    assert {each.closing_note for each in requests} == {"宛先の誤り"}
    assert not Mail.objects.filter(due_at__isnull=False).exists()
    assert Event.objects.filter(kind="assessment.cancelled").count() == 5
    assert Event.objects.filter(kind="campaign.cancelled").count() == 1


def test_until_then_no_other_letter_to_the_same_person_takes_the_invitation_along(mailbox, strike):
    campaign = CampaignFactory.create(suppliers=1, at_once=True)
    [person] = Contact.objects.all()
    other = ContactFactory.create(contractor=campaign.contractor, email=person.email)
    asked = AssessmentFactory.create(contractor=campaign.contractor, contact=other, number=9001)
    owing.owe(asked, other, Occasion.Kind.REMINDER, now=TEN)
    launch(campaign, now=TEN)
    work(TEN)

    strike(TEN + timedelta(minutes=1))
    campaigning.cancel(campaign, reason="見直し", actor=SYSTEM, now=TEN + timedelta(minutes=4))
    strike(TEN + timedelta(minutes=6))
    strike(TEN + timedelta(days=1))

    assert Occasion.objects.get(mail__outcome="sent").assessment == asked
    assert len(mailbox.mails) == 1


def test_who_would_have_heard_of_it_the_next_day_never_does(mailbox, strike):
    campaign = CampaignFactory.create(suppliers=2)
    launch(campaign)
    work()
    evening = TEN + timedelta(hours=8)
    strike(evening)  # by a worker that was away until then: it is no hour for letters

    campaigning.cancel(campaign, reason="見直し", actor=SYSTEM, now=evening)
    for days in range(7):
        strike(evening + timedelta(days=days, hours=16))

    assert mailbox.mails == []
    assert Mail.objects.filter(attempt__gt=0).count() == 2


def test_no_letter_leaves_between_the_cancel_and_its_clearing_up(mailbox, strike):
    campaign = CampaignFactory.create(suppliers=1)
    launch(campaign)
    work()
    Campaign.objects.update(status="cancelled", ended_at=TEN, ended_by={}, settle_at=None)

    strike(TEN + timedelta(minutes=1))

    assert mailbox.mails == []
    assert Mail.objects.get().outcome == "dropped"


def test_a_cancel_stops_the_launch_and_takes_back_what_is_open_in_batches(monkeypatch):
    monkeypatch.setattr(launching, "CHUNK", 4)
    monkeypatch.setattr(operating, "STEPS", 2)
    monkeypatch.setattr(settling, "BATCH", 3)
    campaign = CampaignFactory.create(suppliers=11)
    operation = launch(campaign)
    [claimed] = launching.claim(now=TUESDAY)
    launching.go_on(claimed, now=TUESDAY)
    accepted, started, *_others = Assessment.objects.order_by("pk")
    Assessment.objects.filter(pk=started.pk).update(status="started", started_at=TUESDAY)
    _accept(accepted)

    campaigning.cancel(campaign, reason="見直し", actor=SYSTEM, now=TUESDAY)
    work()
    settle(TUESDAY)

    operation.refresh_from_db()
    assert operation.status == "cancelled"
    assert operation.counts == {"asked": 8, "not_done": 3}
    by_status = dict(Assessment.objects.values_list("pk", "status"))
    assert by_status.pop(accepted.pk) == Status.ACCEPTED
    assert set(by_status.values()) == {Status.CANCELLED}
    assert len(by_status) == 7
    campaign.refresh_from_db()
    assert campaign.settle_at is None


def test_a_request_with_unanswered_talks_is_not_taken_back_before_somebody_answers():
    campaign = CampaignFactory.create(suppliers=2)
    launch(campaign)
    work()
    waiting = Assessment.objects.first()
    thread = ConsultationFactory.create(assessment=waiting)
    type(thread).objects.update(waiting_since=TUESDAY, unanswered_at=TUESDAY)

    campaigning.cancel(campaign, reason="見直し", actor=SYSTEM, now=TUESDAY)
    settle(TUESDAY)

    waiting.refresh_from_db()
    assert waiting.status == Status.INVITED
    assert Assessment.objects.filter(status="cancelled").count() == 1

    type(thread).objects.update(unanswered_at=None)
    settle(TUESDAY + timedelta(days=2))

    waiting.refresh_from_db()
    assert waiting.status == Status.CANCELLED


def test_what_the_supplier_waited_for_reaches_it_before_its_request_is_taken_back(mailbox, strike):
    campaign = CampaignFactory.create(suppliers=1)
    launch(campaign)
    work()
    strike(TEN + timedelta(minutes=1))
    thread = ConsultationFactory.create(assessment=Assessment.objects.get())
    type(thread).objects.update(waiting_since=TUESDAY, unanswered_at=TUESDAY)
    campaigning.cancel(campaign, reason="見直し", actor=SYSTEM, now=TEN + timedelta(days=1))
    settle(TEN + timedelta(days=1))

    then = TEN + timedelta(days=2)
    consulting.write(thread, "費用は弊社が負担します。", voice=PERSON, now=then)
    settle(then)
    strike(then + timedelta(minutes=30))

    assert sent_kinds() == ["invitation", "consultation"]
    for minute in range(2):
        strike(then + timedelta(days=4, minutes=minute))  # a Monday
    assert sent_kinds() == ["invitation", "consultation", "cancelled"]


def test_what_was_handed_in_can_be_asked_back_after_its_campaign_was_cancelled(mailbox, strike):
    campaign = CampaignFactory.create(suppliers=1)
    launch(campaign)
    work()
    strike(TEN + timedelta(minutes=1))
    request = Assessment.objects.get()
    hand_in(request, now=TEN + timedelta(hours=1))
    campaigning.cancel(campaign, reason="見直し", actor=SYSTEM, now=TEN + timedelta(hours=2))
    strike(TEN + timedelta(hours=2))

    then = TEN + timedelta(days=1)
    asked = Return(date(2026, 12, 25), {3: "どのパソコンですか。"})
    reviewing.return_(request, asked, actor=SYSTEM, now=then)
    strike(then)
    for minute in (0, 30):
        strike(datetime(2026, 12, 22, 2, minute, tzinfo=UTC))

    assert sent_kinds() == ["invitation", "receipt", "returned", "second_reminder"]


def sent_kinds():
    sent = Occasion.objects.filter(mail__outcome="sent", left_out="")
    return list(sent.order_by("mail__closed_at", "pk").values_list("kind", flat=True))


def hand_in(request, now):
    given = {number: Given("done") for number in range(1, 26)}
    answering.answer(request, given, now=now)
    told = {7: "part_time", 8: "山田"}
    answering.fill_profile(request, told, version=request.profile_version, now=now)
    submitting.submit(
        request, responsible=Responsible("山田", "代表", request.contact.email), now=now
    )


def test_a_campaign_is_completed_once_all_its_requests_have_ended():
    campaign = CampaignFactory.create(suppliers=2)
    launch(campaign)
    settle(TUESDAY)
    work()
    one, other = Assessment.objects.order_by("pk")
    _accept(one)
    settle(TUESDAY + timedelta(minutes=11))
    campaign.refresh_from_db()
    assert campaign.status == "launched"

    Assessment.objects.filter(pk=other.pk).update(status="expired", remind_at=None)
    settle(TUESDAY + timedelta(minutes=22))

    campaign.refresh_from_db()
    assert campaign.status == "completed"
    assert Event.objects.filter(kind="campaign.completed").count() == 1
    with pytest.raises(WrongStatus):
        campaigning.cancel(campaign, reason="遅い", actor=SYSTEM, now=TUESDAY)


def test_an_operation_that_is_cancelled_leaves_who_was_asked_asked(monkeypatch):
    monkeypatch.setattr(launching, "CHUNK", 2)
    monkeypatch.setattr(operating, "STEPS", 1)
    operation = launch(CampaignFactory.create(suppliers=5))
    [claimed] = launching.claim(now=TUESDAY)
    launching.go_on(claimed, now=TUESDAY)

    operating.cancel(operation, now=TUESDAY)
    work()

    operation.refresh_from_db()
    assert operation.counts == {"asked": 2, "not_done": 3}
    assert Assessment.objects.filter(status="invited").count() == 2
    outcomes = [
        (line["row"], line["status"])
        for chunk in operation.chunks.order_by("position")
        for line in chunk.outcomes
    ]
    assert outcomes == [(1, "asked"), (2, "asked"), *((row, "not_done") for row in (3, 4, 5))]


def _accept(assessment):
    """As people would: started, handed in, accepted."""
    rows = Assessment.objects.filter(pk=assessment.pk)
    rows.update(status="started", started_at=TUESDAY, remind_at=None)
    rows.update(status="submitted", submitted_at=TUESDAY)
    rows.update(status="accepted", decided_at=TUESDAY)
