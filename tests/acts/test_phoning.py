"""Nothing came by mail: the contractor's person is asked to phone, once for each due day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction

from assessments import alerting, announcing, consulting, owing
from assessments.models import Assessment, Consultation, Mail, Notice, Occasion, Status
from assessments.speaking import Matter
from suppliers.models import Contact
from tests.acts.test_consulting import THEY
from tests.factories import AssessmentFactory
from tests.sending import carry

pytestmark = pytest.mark.django_db

INVITED = datetime(2026, 12, 1, 1, tzinfo=UTC)
DUE = date(2026, 12, 18)
AFTER_3 = datetime(2026, 12, 23, 1, tzinfo=UTC)  # ten in the morning in Tokyo, a Wednesday
SOON = AFTER_3 + timedelta(minutes=5)  # what comes up together leaves together
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def asked():
    return AssessmentFactory.create(
        number=900_042,
        due_on=DUE,
        requested_at=INVITED,
        contractor__person="佐藤花子",
        contact__phone="03-9876-5432",
        contact__department="総務部",
        contact__supplier__name="青空製作所",
    )


def send(now):
    """What the workers send to the contractor's own side at this moment."""
    before = len(outbox.outbox)
    for notice in Notice.objects.select_related("person", "contractor").claim(now=now):
        alerting.send(notice, now=now)
    return outbox.outbox[before:]


def write(assessment, kind, now):
    owing.owe(assessment, assessment.contact, kind, now=now)
    [mail] = Mail.objects.select_related("contact").claim(now=now)
    carry([mail], now=now)


def test_the_person_learns_whom_to_phone_and_what_was_written(asked):
    write(asked, Occasion.Kind.INVITATION, INVITED)
    write(asked, Occasion.Kind.AFTER_DUE, datetime(2026, 12, 21, 1, tzinfo=UTC))

    announcing.escalate([asked], now=AFTER_3)

    [letter] = send(SOON)
    assert letter.to == [asked.contractor.reply_to]
    assert letter.subject == "【青空製作所】お電話のお願い"
    for said in [
        "佐藤花子様",
        asked.readable_number(),
        "■回答期限 2026年12月18日(金)(5日前)",
        "■状況 まだ始めていません",
        "■ご担当 総務部 山田太郎様",
        "■電話番号 03-9876-5432",
        "・12月1日 依頼\n・12月21日 期限後の催促",
        f"/api/v1/assessments/{asked.public_id}/",
    ]:
        assert said in letter.body


def test_in_english_where_the_contractor_speaks_english(asked):
    asked.contractor.language = "en"
    asked.contractor.save(update_fields=["language"])
    write(asked, Occasion.Kind.INVITATION, INVITED)

    announcing.escalate([asked], now=AFTER_3)

    [letter] = send(SOON)
    assert letter.subject == "[青空製作所] a call is due"
    assert "- December 1: The request" in letter.body
    assert "State: not begun" in letter.body


def test_an_escalation_that_is_repeated_asks_for_one_call(asked):
    for now in (AFTER_3, AFTER_3 + HOUR, AFTER_3 + DAY):
        announcing.escalate([asked], now=now)
        send(now + timedelta(minutes=5))

    assert len(outbox.outbox) == 1


def test_a_deadline_that_was_moved_and_passed_again_asks_for_another_call(asked):
    announcing.escalate([asked], now=AFTER_3)
    send(SOON)
    asked.due_on = date(2027, 1, 15)
    asked.save(update_fields=["due_on"])

    announcing.escalate([asked], now=AFTER_3 + 30 * DAY)

    assert Notice.objects.count() == 2


def answer(asked):
    for status in (Status.STARTED, Status.SUBMITTED):
        Assessment.objects.filter(pk=asked.pk).update(
            status=status, started_at=AFTER_3, submitted_at=AFTER_3
        )


def talk(asked):
    matter = Matter(Consultation.Kind.QUESTION, "質問です。", [])
    consulting.start(asked, matter, voice=THEY, now=AFTER_3)
    Notice.objects.filter(kind="opened").delete()


def extend(asked):
    Assessment.objects.filter(pk=asked.pk).update(due_on=date(2027, 1, 8))


@pytest.mark.parametrize("act", [answer, talk, extend])
def test_nobody_is_phoned_about_what_came_a_moment_before(asked, act):
    announcing.escalate([asked], now=AFTER_3)

    act(asked)

    assert send(SOON) == []
    assert Notice.objects.get().outcome == "dropped"


def test_at_night_the_letter_waits_for_the_morning(asked):
    announcing.escalate([asked], now=AFTER_3 + 12 * HOUR)

    assert send(AFTER_3 + 12 * HOUR) == []
    assert len(send(AFTER_3 + DAY)) == 1


def test_a_mailbox_that_is_no_more_is_said(asked):
    Contact.objects.filter(pk=asked.contact_id).update(status=Contact.Status.BOUNCED, phone="")

    announcing.escalate([asked], now=AFTER_3)

    [letter] = send(SOON)
    assert "届かないか、停止されています" in letter.body
    assert "■電話番号 登録されていません" in letter.body
    assert "まだ1通も届いていません" in letter.body


def test_many_are_escalated_with_as_many_statements_as_one(asked, django_assert_num_queries):
    more = [AssessmentFactory.create(due_on=DUE) for _ in range(5)]

    with django_assert_num_queries(1):
        announcing.escalate([asked, *more], now=AFTER_3)

    assert Notice.objects.filter(kind="phone").count() == 6


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "phone", "day": DUE},
        {"kind": "phone", "assessment": True},
        {"kind": "digest", "assessment": True, "day": DUE},
        {"kind": "digest"},
        {"kind": "opened", "waiting_since": AFTER_3},
        {"kind": "phone", "assessment": True, "day": DUE, "waiting_since": AFTER_3},
    ],
)
def test_the_database_refuses_a_letter_about_nothing_or_about_two_things(asked, wrong):
    about = {"assessment": asked} if wrong.get("assessment") else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(contractor=asked.contractor, due_at=AFTER_3, **wrong | about)
