import re
from datetime import UTC, datetime, timedelta

import pytest

from assessments import entering
from assessments.errors import TooMany, WrongCode
from assessments.models import Entry
from tests.factories import AnsweredFactory, AssessmentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


@pytest.fixture
def send(django_capture_on_commit_callbacks):
    def send(assessment, now=NOW):
        with django_capture_on_commit_callbacks(execute=True):
            return entering.send_code(assessment, now=now)

    return send


def digits(mailbox):
    return re.search(r"\b\d{6}\b", mailbox.mails[-1].get_content()).group()


def test_before_answers_exist_a_browser_comes_straight_in():
    assessment = AssessmentFactory.create()

    entry = entering.enter(assessment, now=NOW)

    assert entering.is_in(assessment, entry.pk)
    assert not entering.is_in(assessment, None)
    assert not entering.is_in(AssessmentFactory.create(), entry.pk)


def test_once_answers_exist_a_new_browser_needs_the_mailed_code(
    mailbox, django_capture_on_commit_callbacks
):
    assessment = AnsweredFactory.create()
    with django_capture_on_commit_callbacks(execute=True):
        entry = entering.enter(assessment, now=NOW)
    assert not entering.is_in(assessment, entry.pk)

    entering.confirm(entry.pk, digits(mailbox), now=NOW)

    assert mailbox.mails[-1]["To"] == assessment.contact.email
    assert entering.is_in(assessment, entry.pk)


def test_full_width_digits_with_spaces_are_welcome(mailbox, send):
    entry = send(AnsweredFactory.create())
    wide = digits(mailbox).translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    assert entering.confirm(entry.pk, f" {wide[:3]} {wide[3:]}", now=NOW).confirmed_at == NOW


def test_five_wrong_tries_use_a_code_up(mailbox, send):
    entry = send(AnsweredFactory.create())
    right = digits(mailbox)
    wrong = f"{(int(right) + 1) % 10**6:06}"

    for _ in range(5):
        with pytest.raises(WrongCode):
            entering.confirm(entry.pk, wrong, now=NOW)

    with pytest.raises(WrongCode):
        entering.confirm(entry.pk, right, now=NOW)


def test_a_code_lives_ten_minutes(mailbox, send):
    entry = send(AnsweredFactory.create())

    with pytest.raises(WrongCode):
        entering.confirm(entry.pk, digits(mailbox), now=NOW + timedelta(minutes=10, seconds=1))


def test_a_code_opens_the_browser_that_asked_and_no_other(mailbox, send):
    assessment = AnsweredFactory.create()
    mine = send(assessment)
    code = digits(mailbox)
    other = send(assessment, now=NOW + timedelta(minutes=2))

    with pytest.raises(WrongCode):
        entering.confirm(other.pk, code, now=NOW + timedelta(minutes=2))
    assert entering.confirm(mine.pk, code, now=NOW + timedelta(minutes=2)).confirmed_at


def test_codes_are_sent_once_a_minute_and_five_times_an_hour(mailbox, send):
    assessment = AnsweredFactory.create()
    send(assessment)
    with pytest.raises(TooMany):
        send(assessment, now=NOW + timedelta(seconds=30))
    for minute in (2, 4, 6, 8):
        send(assessment, now=NOW + timedelta(minutes=minute))

    with pytest.raises(TooMany):
        send(assessment, now=NOW + timedelta(minutes=10))

    assert len(mailbox.mails) == 5
    send(assessment, now=NOW + timedelta(minutes=61))


def test_a_link_that_is_opened_very_often_is_closed_for_an_hour():
    assessment = AssessmentFactory.create()
    Entry.objects.bulk_create(
        Entry(
            contractor=assessment.contractor,
            assessment=assessment,
            opened_at=NOW,
            confirmed_at=NOW,
        )
        for _ in range(entering.ENTRIES_AN_HOUR)
    )

    with pytest.raises(TooMany):
        entering.enter(assessment, now=NOW)


def test_a_mailbox_is_shown_masked():
    assert entering.masked("sato@yamada.example") == "s***@yamada.example"
