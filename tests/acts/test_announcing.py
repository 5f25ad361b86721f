"""The contractor's person hears at once of a thread, and then once a day at most."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction

from assessments import alerting, awaiting, consulting
from assessments.models import Consultation, Notice
from assessments.speaking import Matter
from tests.acts.test_consulting import MACHINE, PERSON, TERMS, THEY
from tests.factories import AssessmentFactory

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 11, 25, 13, tzinfo=UTC)  # ten in the evening in Tokyo, a Wednesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Kind = Consultation.Kind


@pytest.fixture
def asked():
    return AssessmentFactory.create(number=9001, contractor__person="佐藤花子")


@pytest.fixture
def thread(asked):
    return begin(asked)


def begin(assessment, kind=Kind.TALKS, voice=THEY):
    topics = ["cost"] if kind == Kind.TALKS else []
    wanted = {"wanted_on": OPENED.date()} if kind == Kind.EXTENSION else {}
    matter = Matter(kind, "重い費用です。", topics, **wanted)
    return consulting.start(assessment, matter, voice=voice, now=OPENED)


def send(now):
    """What the workers send at this moment."""
    before = len(outbox.outbox)
    for notice in Notice.objects.select_related("person", "contractor").claim(now=now):
        alerting.send(notice, now=now)
    return outbox.outbox[before:]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.TALKS, "協議のお申し入れ"),
        (Kind.QUESTION, "ご質問"),
        (Kind.EXTENSION, "期限延長のご相談"),
    ],
)
def test_the_person_is_told_of_a_thread_at_once_at_any_hour(asked, kind, said):
    thread = begin(asked, kind)

    [letter] = send(OPENED)

    assert letter.to == [asked.contractor.reply_to]
    assert said in letter.subject
    assert "佐藤花子様" in letter.body
    assert asked.readable_number() in letter.body
    assert awaiting.address(thread) in letter.body
    assert "重い費用です。" not in letter.body
    assert send(OPENED + DAY) == []


def test_in_english_where_the_contractor_speaks_english(asked):
    asked.contractor.language = "en"
    asked.contractor.save(update_fields=["language"])
    thread = begin(asked)
    send(OPENED)
    consulting.write(thread, "追伸です。", voice=THEY, now=OPENED + HOUR)
    send(OPENED + HOUR)

    first, second = (letter.body for letter in outbox.outbox)
    assert "asked for talks" in first
    assert "wrote something new where it asked for talks" in second


def test_a_second_click_tells_nothing_twice(asked):
    begin(asked)
    begin(asked)

    assert Notice.objects.count() == 1


def test_what_is_written_before_the_letter_left_is_told_by_it(thread):
    consulting.write(thread, "追伸です。", voice=THEY, now=OPENED + MINUTE)

    assert len(send(OPENED + 2 * MINUTE)) == 1
    assert Notice.objects.get().kind == "opened"


@pytest.mark.parametrize("act", ["write", "propose", "refuse"])
def test_what_is_written_later_is_told_once_a_day(thread, act):
    send(OPENED)
    offer = consulting.propose(thread, TERMS, voice=MACHINE, now=OPENED)
    said = {
        "write": lambda now: consulting.write(thread, "追伸です。", voice=THEY, now=now),
        "propose": lambda now: consulting.propose(thread, TERMS, voice=THEY, now=now),
        "refuse": lambda now: consulting.refuse(offer, "高すぎます。", voice=THEY, now=now),
    }

    said[act](OPENED + HOUR)

    [letter] = send(OPENED + HOUR)
    assert "新しい書き込み" in letter.subject
    assert Notice.objects.filter(kind="written").count() == 1


def test_more_on_the_same_day_waits_for_the_next_working_morning(thread):
    send(OPENED)
    for minutes in (1, 2, 3):
        now = OPENED + minutes * MINUTE
        consulting.write(thread, f"追伸{minutes}", voice=THEY, now=now)
        send(now)

    assert len(outbox.outbox) == 2
    assert len(send(OPENED + 12 * HOUR)) == 1  # ten in the morning
    later = OPENED + 13 * HOUR
    consulting.write(thread, "追伸4", voice=THEY, now=later)
    assert send(later) == []
    assert len(send(OPENED + 2 * DAY)) == 1


def test_an_answer_before_the_letter_left_makes_it_needless(thread):
    consulting.write(thread, "お答えします。", voice=PERSON, now=OPENED + MINUTE)

    assert send(OPENED + 2 * MINUTE) == []
    assert Notice.objects.get().outcome == "dropped"


def test_what_is_written_in_a_new_turn_is_told_though_the_old_letter_never_left(thread):
    consulting.write(thread, "お答えします。", voice=PERSON, now=OPENED + MINUTE)
    consulting.write(thread, "もう一つあります。", voice=THEY, now=OPENED + HOUR)

    assert len(send(OPENED + HOUR)) == 1


def test_nobody_is_told_of_their_own_words_or_of_an_end_of_their_own(asked):
    thread = begin(asked, voice=PERSON)
    consulting.propose(thread, TERMS, voice=PERSON, now=OPENED)
    consulting.close(thread, voice=PERSON, now=OPENED)

    assert not Notice.objects.exists()


def test_an_agreement_of_the_supplier_is_told_at_once(asked):
    thread = begin(asked, voice=PERSON)
    consulting.propose(thread, TERMS, voice=PERSON, now=OPENED)
    consulting.agree(thread.proposals.get(), "承知しました。", voice=THEY, now=OPENED)

    [letter] = send(OPENED)

    assert letter.to == [asked.contractor.reply_to]
    assert letter.subject.endswith("】合意のお知らせ")
    assert "ご提案に合意しました" in letter.body
    assert awaiting.address(thread) in letter.body
    assert "承知しました。" not in letter.body
    assert TERMS.measure not in letter.body


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.TALKS, "協議を終えました"),
        (Kind.QUESTION, "ご質問を終えました"),
        (Kind.EXTENSION, "期限延長のご相談を終えました"),
    ],
)
def test_a_thread_that_the_supplier_ends_is_told_instead_of_what_was_yet_to_be_told(
    asked, kind, said
):
    consulting.close(begin(asked, kind), voice=THEY, now=OPENED + MINUTE)

    [letter] = send(OPENED + MINUTE)

    assert said in letter.body
    assert "合意した内容はありません" in letter.body


def test_in_english_an_end_is_told_too(asked):
    asked.contractor.language = "en"
    asked.contractor.save(update_fields=["language"])
    consulting.close(begin(asked), voice=THEY, now=OPENED)

    [letter] = send(OPENED)

    assert letter.subject.endswith("] ended it")
    assert "ended the talks without an agreement" in letter.body


def test_the_database_keeps_two_letters_of_words_on_a_day_apart(thread):
    fields = {
        "contractor": thread.contractor, "consultation": thread, "kind": "written",
        "waiting_since": OPENED, "day": OPENED.date(), "due_at": OPENED,
    }  # fmt: skip
    Notice.objects.create(**fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(**fields | {"day": None})
