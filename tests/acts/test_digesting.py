"""One letter a business morning about what is to be done, none without, never two."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox

from assessments import alerting, consulting, digesting
from assessments.models import Assessment, Consultation, Mail, Notice, Occasion, Status
from assessments.speaking import Matter
from suppliers.models import Contact
from tests.acts.test_consulting import THEY
from tests.factories import AssessmentFactory, CertificationFactory, ContractorFactory

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # half past eight in Tokyo, a Thursday
EARLIER = MORNING - timedelta(days=1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def asked():
    return AssessmentFactory.create(requested_at=EARLIER, contractor__person="佐藤花子")


def strike(now):
    """What the clock does in one minute; the letters about a day that left."""
    before = len(outbox.outbox)
    digesting.write_due(now=now)
    for notice in Notice.objects.select_related("person", "contractor").claim(now=now):
        alerting.send(notice, now=now)
    return outbox.outbox[before:]


def hand_in(asked):
    for status in (Status.STARTED, Status.SUBMITTED):
        Assessment.objects.filter(pk=asked.pk).update(
            status=status, started_at=EARLIER, submitted_at=EARLIER
        )


def ask(asked):
    matter = Matter(Consultation.Kind.QUESTION, "質問です。", [])
    consulting.start(asked, matter, voice=THEY, now=EARLIER)
    Notice.objects.all().delete()


def escalate(asked):
    Assessment.objects.filter(pk=asked.pk).update(escalated_at=EARLIER)


def bounce(asked):
    Contact.objects.filter(pk=asked.contact_id).update(status=Contact.Status.BOUNCED)


def give_up(asked):
    mail = Mail.objects.create(contractor=asked.contractor, contact=asked.contact, due_at=None)
    Occasion.objects.create(
        contractor=asked.contractor,
        assessment=asked,
        mail=mail,
        kind=Occasion.Kind.REMINDER,
        arose_on=EARLIER.date(),
    )


def let_end(asked):
    CertificationFactory.create(
        contractor=asked.contractor,
        supplier=asked.supplier,
        valid_until=(MORNING + 5 * DAY).date(),
    )


@pytest.mark.parametrize(
    ("happen", "said"),
    [
        (ask, "返事を待つ取引先 1件"),
        (hand_in, "確認待ちの回答 1件"),
        (escalate, "お電話が必要 1件"),
        (bounce, "メールが担当者に届かない依頼 1件"),
        (give_up, "メールを送れなかった依頼 1件"),
        (let_end, "14日以内に期限が来る認証 1件"),
    ],
)
def test_what_is_to_be_done_is_counted(asked, happen, said):
    happen(asked)

    [letter] = strike(MORNING)

    assert letter.to == [asked.contractor.reply_to]
    assert "今日すること 11月26日" in letter.subject
    assert "佐藤花子様" in letter.body
    assert letter.body.count("■") == 1
    assert said in letter.body
    assert letter.body.count("://") == 1


def test_in_english_where_the_contractor_speaks_english(asked):
    hand_in(asked)
    asked.contractor.language = "en"
    asked.contractor.save(update_fields=["language"])

    [letter] = strike(MORNING)

    assert "to do on November 26" in letter.subject
    assert "Answers to decide about: 1" in letter.body


def test_nothing_to_do_means_no_letter(asked):
    ContractorFactory.create()

    assert strike(MORNING) == []
    assert not Notice.objects.exists()


def test_a_morning_has_one_letter_however_often_the_clock_strikes(asked):
    hand_in(asked)

    for minutes in (0, 10, 20, 59):
        strike(MORNING + minutes * MINUTE)

    assert len(outbox.outbox) == 1
    assert len(strike(MORNING + DAY)) == 1


@pytest.mark.parametrize(
    "now",
    [
        MORNING - MINUTE,
        MORNING + 60 * MINUTE,
        MORNING + 2 * DAY,  # a Saturday
        datetime(2026, 12, 30, 23, 30, tzinfo=UTC),  # the turn of the year
    ],
)
def test_at_other_times_and_on_closed_days_nothing_is_asked_of_the_database(
    asked, now, django_assert_num_queries
):
    hand_in(asked)

    with django_assert_num_queries(0):
        assert digesting.write_due(now=now) == 0


def test_what_was_done_a_moment_before_is_not_told(asked):
    bounce(asked)
    digesting.write_due(now=MORNING)

    Contact.objects.update(status=Contact.Status.ACTIVE)

    assert strike(MORNING) == []
    assert Notice.objects.get().outcome == "dropped"


def test_many_contractors_cost_as_many_statements_as_one(asked, django_assert_num_queries):
    for each in (asked, *(AssessmentFactory.create() for _ in range(4))):
        bounce(each)

    with django_assert_num_queries(2):
        assert digesting.write_due(now=MORNING) == 5
