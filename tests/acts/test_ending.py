"""How a request ends is told the supplier once: taken back with an apology, or with a result."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox

from assessments import asking, owing, reviewing
from assessments.models import Mail, Occasion, Status
from assessments.submitting import Responsible, submit
from contractors.actors import SYSTEM
from tests.factories import AnsweredFactory, AssessmentFactory, UserFactory
from tests.sending import carry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)  # ten in the morning in Tokyo, a Wednesday
DAY = timedelta(days=1)
Kind = Occasion.Kind


@pytest.fixture
def asked():
    return AssessmentFactory.create(number=9001, due_on=date(2027, 1, 29), requested_at=NOW)


@pytest.fixture
def handed_in():
    answered = AnsweredFactory.create()
    now = answered.requested_at
    submit(answered, responsible=Responsible("山田", "代表", answered.contact.email), now=now)
    answered.refresh_from_db()
    return answered


def send(now):
    before = len(outbox.outbox)
    carry(Mail.objects.select_related("contact").claim(now=now), now=now)
    return outbox.outbox[before:]


def cancel(assessment, now=NOW + DAY):
    asking.cancel(assessment, reason="社内の都合", actor=SYSTEM, now=now)


def test_who_was_written_to_hears_that_there_is_nothing_to_do(asked):
    owing.owe(asked, asked.contact, Kind.INVITATION, now=NOW)
    send(NOW)

    cancel(asked)

    [letter] = send(NOW + DAY)
    assert letter.to == [asked.contact.email]
    assert "取りやめ" in letter.subject
    assert "必要ありません" in letter.body
    assert asked.readable_number() in letter.body
    assert "://" not in letter.body
    assert "社内の都合" not in letter.body
    assert send(NOW + 2 * DAY) == []


def test_who_was_not_written_to_yet_hears_nothing(asked):
    owing.owe(asked, asked.contact, Kind.INVITATION, now=NOW)

    cancel(asked, now=NOW)

    assert send(NOW) == []
    assert not asked.occasions.filter(kind=Kind.CANCELLED).exists()


def test_a_letter_that_is_just_leaving_is_apologised_for_as_well(asked):
    owing.owe(asked, asked.contact, Kind.INVITATION, now=NOW)
    Mail.objects.select_related("contact").claim(now=NOW)

    cancel(asked, now=NOW)

    assert asked.occasions.filter(kind=Kind.CANCELLED).count() == 1


def test_a_mailbox_that_refused_the_question_gets_no_apology(asked):
    owing.owe(asked, asked.contact, Kind.INVITATION, now=NOW)
    Mail.objects.update(outcome="bounced", closed_at=NOW, due_at=None)

    cancel(asked)

    assert not asked.occasions.filter(kind=Kind.CANCELLED).exists()


def results(assessment, now):
    reviewing.accept(assessment, actor=SYSTEM, now=now)
    return [letter for letter in send(now) if "結果" in letter.subject]


def test_who_was_accepted_is_led_to_the_result_without_a_score(handed_in):
    [letter] = results(handed_in, handed_in.submitted_at + DAY)

    assert letter.to == [handed_in.contact.email]
    assert letter.body.count("/r/") == 1
    assert "点" not in letter.body


def test_a_result_that_is_not_shared_is_not_spoken_of(handed_in):
    handed_in.contractor.shares_results = False
    handed_in.contractor.save(update_fields=["shares_results"])

    assert results(handed_in, handed_in.submitted_at + DAY) == []


def test_what_is_accepted_twice_in_a_day_before_the_letter_left_is_told_once(handed_in):
    now = handed_in.submitted_at + DAY
    person = UserFactory.create(contractor=handed_in.contractor)
    reviewing.accept(handed_in, actor=SYSTEM, now=now)
    reviewing.reopen(handed_in, person=person, now=now)

    assert len(results(handed_in, now)) == 1


def test_what_was_reopened_before_the_letter_left_is_not_told(handed_in):
    now = handed_in.submitted_at + DAY
    person = UserFactory.create(contractor=handed_in.contractor)
    reviewing.accept(handed_in, actor=SYSTEM, now=now)
    reviewing.reopen(handed_in, person=person, now=now)

    assert [letter for letter in send(now) if "結果" in letter.subject] == []
    handed_in.refresh_from_db()
    assert handed_in.status == Status.SUBMITTED
