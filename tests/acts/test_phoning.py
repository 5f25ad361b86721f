"""Nothing came by mail: the contractor's person is asked to phone, once for each due day."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments import alerting, announcing, consulting, mailing, owing, planning
from assessments.models import Assessment, Consultation, Mail, Notice, Occasion, Status
from assessments.speaking import Matter
from suppliers.models import Contact
from tests.acts.test_consulting import THEY
from tests.factories import AssessmentFactory
from tests.racing import race
from tests.soaking import attempts

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
    mailing.send(mail, now=now)


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


def silent(asked, count, **more):
    return [
        AssessmentFactory.create(
            contractor=asked.contractor,
            due_on=DUE,
            contact__contractor=asked.contractor,
            contact__supplier__contractor=asked.contractor,
            contact__supplier__name=f"静か工業{place}",
            **more,
        )
        for place in range(count)
    ]


def test_several_to_phone_on_one_morning_are_one_letter(asked):
    announcing.escalate([asked], now=AFTER_3)
    announcing.escalate(silent(asked, 2, status=Status.STARTED), now=AFTER_3)

    [letter] = send(SOON)

    assert letter.subject == f"【{asked.contractor.name}】お電話のお願い 3件"
    for said in [
        "依頼が3件あります",
        f"■青空製作所\n依頼番号 {asked.readable_number()}(期限 2026年12月18日(金))",
        "まだ始めていません\nご担当 総務部 山田太郎様\n電話番号 03-9876-5432",
        "■静か工業0",
        "■静か工業1",
        "回答の途中です",
        "/work-list/?flag=phone",
    ]:
        assert said in letter.body
    assert "ほかに" not in letter.body
    assert send(SOON + DAY) == []


def test_in_english_several_are_one_letter_too(asked):
    asked.contractor.language = "en"
    asked.contractor.save(update_fields=["language"])
    announcing.escalate([asked, *silent(asked, 1)], now=AFTER_3)

    [letter] = send(SOON)

    assert letter.subject.endswith("] 2 calls are due")
    assert "State: not begun" in letter.body


def test_who_answered_before_the_letter_left_is_not_in_it(asked):
    others = silent(asked, 1)
    announcing.escalate([asked, *others], now=AFTER_3)

    answer(others[0])

    [letter] = send(SOON)
    assert letter.subject == "【青空製作所】お電話のお願い"


def test_of_very_many_a_letter_tells_twenty_and_counts_the_rest(asked):
    announcing.escalate([asked, *silent(asked, 22)], now=AFTER_3)

    [letter] = send(SOON)

    assert letter.body.count("■静か工業") + letter.body.count("■青空製作所") == 20
    assert "ほかに3件あります。" in letter.body


def test_a_letter_about_30_asks_the_database_as_often_as_one_about_12(asked):
    taken = []
    for count in (12, 30):
        announcing.escalate(silent(asked, count), now=AFTER_3)
        with CaptureQueriesContext(connection) as queries:
            assert len(send(SOON)) == 1
        taken.append(len(queries))

    assert taken[0] == taken[1]


def test_a_letter_that_did_not_leave_tells_the_same_when_it_is_tried_again(asked, mailbox):
    announcing.escalate([asked, *silent(asked, 1)], now=AFTER_3)
    mailbox.refused[asked.contractor.reply_to] = "450 Try again"
    send(SOON)
    announcing.escalate(silent(asked, 1), now=SOON)
    mailbox.refused.clear()

    send(SOON + HOUR)

    first, second = sorted(str(mail["Subject"]) for mail in mailbox.mails)
    assert "2件" in first
    assert "静か工業0" in second


@attempts(10, 2)
def test_two_workers_that_hold_several_each_send_one(attempt, committed, asked):
    announcing.escalate([asked, *silent(asked, 7)], now=AFTER_3)
    rows = Notice.objects.select_related("person", "contractor")
    halves = [rows.claim(now=SOON, limit=4) for _ in range(2)]

    race(*(partial(send_all, half) for half in halves))

    [letter] = outbox.outbox
    assert "8件" in letter.subject


def send_all(notices):
    for notice in notices:
        alerting.send(notice, now=SOON)


def test_another_contractor_has_a_letter_of_its_own(asked):
    other = AssessmentFactory.create(due_on=DUE)
    announcing.escalate([asked, other], now=AFTER_3)

    assert len(send(SOON)) == 2


def test_the_plan_of_each_tells_how_the_common_letter_ended(asked):
    [other] = silent(asked, 1)
    announcing.escalate([asked, other], now=AFTER_3)
    send(SOON)

    for each in (asked, other):
        [line] = [line for line in planning.plan(each, now=SOON) if line.kind == "phone"]
        assert (line.outcome, line.at) == ("sent", SOON)


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
