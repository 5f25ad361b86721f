"""Of many who are silent on one morning the contractor's person has one letter."""

from functools import partial

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import alerting, announcing, planning
from assessments.models import Notice, Status
from tests.acts.test_phoning import AFTER_3, DAY, DUE, HOUR, SOON, answer, asked, send
from tests.factories import AssessmentFactory
from tests.racing import race
from tests.soaking import attempts

__all__ = ["asked"]  # a fixture

pytestmark = pytest.mark.django_db


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


def test_a_letter_about_50_asks_the_database_as_often_as_one_about_25(asked):
    taken = []
    for count in (25, 50):
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
