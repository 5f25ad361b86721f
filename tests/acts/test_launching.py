"""A campaign asks many at once: every supplier once, as many statements for many as for few."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import asking, launching, timetable
from assessments.models import (
    Assessment,
    Mail,
    Occasion,
    Series,
    Status,
)
from contractors.actors import SYSTEM
from events import operating
from events.models import Delivery, Event
from suppliers.models import Contact, Supplier
from tests.acts.campaigning import TEN, TUESDAY, launch, work
from tests.factories import (
    AssessmentFactory,
    CampaignFactory,
    ConsultationFactory,
    ContactFactory,
    EndpointFactory,
    HoldFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_a_launch_asks_every_supplier_once_and_writes_to_it_at_the_campaigns_pace():
    campaign = CampaignFactory.create(suppliers=7, mails_per_minute=2)

    operation = launch(campaign)
    work()

    operation.refresh_from_db()
    assert (operation.status, operation.counts) == ("succeeded", {"asked": 7})
    requests = list(Assessment.objects.order_by("number"))
    assert [each.number for each in requests] == list(range(1, 8))
    assert {each.status for each in requests} == {Status.INVITED}
    assert {each.supplier_id for each in requests} == set(
        campaign.members.values_list("supplier", flat=True)
    )
    for each in requests:
        [occasion] = each.occasions.select_related("mail")
        assert occasion.kind == Occasion.Kind.INVITATION
        assert occasion.mail.contact_id == each.contact_id
        assert occasion.mail.due_at == each.invited_at
    due = [each.invited_at for each in requests]
    assert due == [TEN + timedelta(seconds=30 * place) for place in range(7)]
    assert Mail.objects.count() == 7


def test_each_request_is_what_a_single_one_would_have_been():
    campaign = CampaignFactory.create(
        suppliers=1,
        message="よろしくお願いします。",
        implement_by=date(2026, 12, 20),
        requirements={"retention_months": 60},
    )

    launch(campaign)
    work()

    request = Assessment.objects.get()
    assert request.profile_questionnaire.key == "supplier-profile"
    assert (request.due_on, request.message) == (campaign.due_on, campaign.message)
    assert (request.answers_kept_months, request.talks_kept_months) == (60, 84)
    assert [each["code"] for each in request.warnings] == ["reason-empty", "implementing-soon"]
    assert request.remind_at == timetable.DEFAULT.following(
        invited_at=TEN, due_on=campaign.due_on, after=TUESDAY
    )
    assert request.decided_by is None
    assert Assessment.objects.filter(decided_by__isnull=True).count() == 1


def test_what_a_launch_stores_differs_in_no_column_from_what_a_single_request_stores():
    said = {"message": 'よろしく\t\\N\n"{}"', "requirements": {"retention_months": 60}}
    campaign = CampaignFactory.create(suppliers=30, implement_by=date(2026, 12, 20), **said)
    contractor, questionnaire = campaign.contractor, campaign.questionnaire
    alone = ContactFactory.create(contractor=contractor)
    days = {"due_on": campaign.due_on, "implement_by": campaign.implement_by}
    wish = asking.Wish(alone.supplier, alone, questionnaire, **days, **said)

    single = asking.ask(contractor, wish, send=True, actor=SYSTEM, now=TUESDAY)
    launch(campaign)
    work()

    own = {"id", "public_id", "supplier_id", "contact_id", "number", "campaign_id", "mail_id"}
    own |= {"invited_at", "remind_at", "due_at", "message_id", "assessment_id"}
    own |= {"sequence", "subject_id"}
    first = Mail.objects.earliest("pk")
    for rows, of_the_single in [
        (Assessment.objects.all(), {"pk": single.pk}),
        (Mail.objects.all(), {"pk": first.pk}),
        (Occasion.objects.all(), {"assessment": single}),
        (Event.objects.filter(kind="assessment.invited"), {"subject_id": single.public_id}),
        (Event.objects.filter(kind="assessment.requested"), {"subject_id": single.public_id}),
    ]:
        [alike] = [_but(row, own) for row in rows.filter(**of_the_single).values()]
        launched = [_but(row, own) for row in rows.exclude(**of_the_single).values()]
        assert launched == [alike] * 30


def _but(row, own):
    return {name: value for name, value in row.items() if name not in own}


def test_two_events_are_told_of_each_and_the_feed_has_no_gap():
    campaign = CampaignFactory.create(suppliers=30)
    EndpointFactory.create(contractor=campaign.contractor)

    launch(campaign)
    work()

    events = Event.objects.order_by("sequence")
    assert list(events.values_list("sequence", flat=True)) == list(range(1, 62))
    kinds = list(events.values_list("kind", flat=True))
    assert kinds[0] == "campaign.launched"
    assert kinds.count("assessment.requested") == kinds.count("assessment.invited") == 30
    assert Delivery.objects.count() == 61


def test_a_chunk_takes_as_many_queries_for_300_suppliers_as_for_10():
    def queries(count):
        operation = launch(CampaignFactory.create(suppliers=count))
        [claimed] = launching.claim(now=TUESDAY)
        assert claimed == operation
        with CaptureQueriesContext(connection) as taken:
            launching.go_on(claimed, now=TUESDAY)
        return len(taken)

    few, many = queries(40), queries(300)

    assert few == many <= 40
    assert Assessment.objects.count() == 340


def test_a_launch_takes_as_many_queries_for_300_suppliers_as_for_10():
    def queries(count):
        campaign = CampaignFactory.create(suppliers=count)
        with CaptureQueriesContext(connection) as taken:
            launch(campaign)
        return len(taken)

    assert queries(10) == queries(300) <= 30


def test_a_second_launch_does_nothing_and_gives_back_the_first():
    campaign = CampaignFactory.create(suppliers=3)
    first = launch(campaign)
    work()

    again = launch(campaign, now=TUESDAY + timedelta(hours=1))
    work()

    assert again == first
    assert Assessment.objects.count() == Mail.objects.count() == 3
    assert Event.objects.filter(kind="campaign.launched").count() == 1


def test_a_launch_goes_on_where_a_worker_stopped(monkeypatch):
    monkeypatch.setattr(launching, "CHUNK", 4)
    monkeypatch.setattr(operating, "STEPS", 1)
    operation = launch(CampaignFactory.create(suppliers=10))
    [claimed] = launching.claim(now=TUESDAY)
    launching.go_on(claimed, now=TUESDAY)
    assert Assessment.objects.count() == 4

    # The next one is claimed and dies; after its lease another one goes on.
    launching.claim(now=TUESDAY)
    work(TUESDAY + timedelta(minutes=6))

    operation.refresh_from_db()
    assert (operation.status, operation.counts) == ("succeeded", {"asked": 10})
    assert Series.objects.get().last == Assessment.objects.count() == Mail.objects.count() == 10


def test_who_cannot_be_asked_is_left_out_and_named():
    campaign = CampaignFactory.create(suppliers=6, requirements={"promises": ["A"]})
    archived, unreachable, held, ignored, *_fine = Supplier.objects.order_by("pk")
    Supplier.objects.filter(pk=archived.pk).update(status="archived")
    Contact.objects.filter(supplier=unreachable).update(status="bounced")
    HoldFactory.create(
        contractor=campaign.contractor,
        supplier=held,
        from_on=date(2026, 11, 20),
        until_on=date(2026, 12, 20),
        told_on=date(2026, 10, 1),
    )
    earlier = AssessmentFactory.create(
        contractor=campaign.contractor, contact=ignored.contacts.get(), number=9000
    )
    thread = ConsultationFactory.create(assessment=earlier)
    type(thread).objects.update(waiting_since=TUESDAY, unanswered_at=TUESDAY)
    person = UserFactory.create(contractor=campaign.contractor)

    operation = launch(campaign, person=person)
    work()

    operation.refresh_from_db()
    assert operation.counts == {"asked": 2, "unasked": 4}
    assert operation.status == "succeeded"
    codes = {error["row"]: error["code"] for error in operation.errors}
    assert codes == {
        1: "supplier-archived", 2: "no-contact", 3: "orders-held", 4: "talks-unanswered",
    }  # fmt: skip
    asked = Assessment.objects.filter(campaign=campaign)
    assert asked.count() == 2
    assert {each.confirmed_by["id"] for each in asked} == {str(person.public_id)}


@pytest.mark.parametrize(
    ("now", "at_once", "first"),
    [
        # Ten minutes to ten on a Tuesday: today; four minutes to ten: five are kept for an undo.
        (datetime(2026, 12, 1, 0, 50, tzinfo=UTC), False, TEN),
        (datetime(2026, 12, 1, 0, 56, tzinfo=UTC), False, TEN + timedelta(days=1)),
        (datetime(2026, 12, 3, 1, 1, tzinfo=UTC), False, datetime(2026, 12, 8, 1, tzinfo=UTC)),
        (datetime(2026, 12, 4, 5, tzinfo=UTC), True, datetime(2026, 12, 4, 5, 5, tzinfo=UTC)),
        (datetime(2026, 12, 4, 7, 56, tzinfo=UTC), True, datetime(2026, 12, 7, tzinfo=UTC)),
    ],
)
def test_the_first_letter_waits_for_its_day_and_always_five_minutes(now, at_once, first):
    campaign = CampaignFactory.create(suppliers=1, at_once=at_once)

    launch(campaign, now=now)

    campaign.refresh_from_db()
    assert campaign.first_mail_at == first >= now + timedelta(minutes=5)


def test_a_launch_that_is_done_late_keeps_its_pace_from_then_on():
    campaign = CampaignFactory.create(suppliers=3, mails_per_minute=1)
    launch(campaign)
    late = TEN + timedelta(hours=2)

    work(late)

    due = Mail.objects.order_by("due_at").values_list("due_at", flat=True)
    assert list(due) == [late + timedelta(minutes=place) for place in range(3)]


def test_suppliers_whose_exposure_differs_are_warned_of_in_one_way_before_and_after():
    campaign = CampaignFactory.create(
        suppliers=4, requirements={"reasons": ["x"], "target": {"grade": "B"}}
    )
    names = [f"exposure_{name}" for name in Supplier.EXPOSURE]
    first, *_rest = Supplier.objects.order_by("pk")
    Supplier.objects.update(**dict.fromkeys(names, False))
    Supplier.objects.filter(pk=first.pk).update(**dict.fromkeys(names, True))

    launch(campaign)
    work()

    campaign.refresh_from_db()
    [told] = [each for each in campaign.warnings if each["code"] != "unsaid"]
    assert (told["code"], told["suppliers"]) == ("same-level-for-all", 4)
    kept = [[each["code"] for each in row.warnings] for row in Assessment.objects.all()]
    assert kept == [["same-level-for-all"]] * 4
