"""The contractor's clock: who is told when, and what stops until a person answers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox

from assessments import (
    alerting,
    asking,
    awaiting,
    consulting,
    owing,
    prompting,
    reminding,
    stopping,
    urging,
)
from assessments.asking import Wish
from assessments.errors import TalksUnanswered, WrongStatus
from assessments.models import Assessment, Consultation, Hold, Mail, Notice, Occasion, Side, Status
from assessments.speaking import Matter, Voice
from assessments.stopping import Decision
from contractors.actors import SYSTEM, Actor
from contractors.roles import Role
from events.models import Event
from tests.factories import AssessmentFactory, ContactFactory, UserFactory, official
from tests.sending import carry

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 11, 25, 1, tzinfo=UTC)  # ten in the morning in Tokyo, a Wednesday
AFTER_5 = datetime(2026, 12, 2, 1, tzinfo=UTC)
AFTER_10 = datetime(2026, 12, 9, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
THEY = Voice(Side.SUPPLIER, Actor("supplier", "1"))
PERSON = Voice(Side.CONTRACTOR, Actor("user", "2"))
MACHINE = Voice(Side.CONTRACTOR, Actor("api_key", "3"))
Kind = Consultation.Kind


@pytest.fixture
def asked():
    return AssessmentFactory.create(
        number=9001, due_on=date(2027, 1, 29), contractor__person="佐藤花子"
    )


@pytest.fixture
def admin(asked):
    return UserFactory.create(contractor=asked.contractor, role=Role.ADMIN, name="管理太郎")


@pytest.fixture
def thread(asked):
    return begin(asked)


def begin(assessment, kind=Kind.TALKS, now=OPENED):
    """The supplier begins a thread; the letter that says so has left."""
    topics = ["cost"] if kind == Kind.TALKS else []
    thread = consulting.start(assessment, Matter(kind, "相談です。", topics), voice=THEY, now=now)
    strike(now)
    outbox.outbox.clear()
    return thread


def strike(now):
    """What the clock does in one minute; the letters that left."""
    before = len(outbox.outbox)
    urging.write_due(now=now)
    for notice in Notice.objects.select_related("person", "contractor").claim(now=now):
        alerting.send(notice, now=now)
    return outbox.outbox[before:]


def ignore(thread):
    strike(AFTER_5)
    strike(AFTER_10)
    thread.refresh_from_db()
    return thread


def unanswered():
    return Event.objects.filter(kind="consultation.unanswered")


def test_after_5_business_days_the_contractor_s_person_is_written_to(asked, admin, thread):
    assert strike(AFTER_5 - MINUTE) == []

    [letter] = strike(AFTER_5 + timedelta(minutes=20))

    assert letter.to == [asked.contractor.reply_to]
    assert "佐藤花子様" in letter.body
    assert awaiting.address(thread) in letter.body
    assert asked.readable_number() in letter.body
    assert "相談です。" not in letter.body
    thread.refresh_from_db()
    assert thread.clock_at.date() == AFTER_10.date()
    assert not unanswered().exists()


def test_after_10_the_admins_are_and_it_is_an_event(asked, admin, thread):
    strike(AFTER_5)
    UserFactory.create(contractor=asked.contractor, role=Role.ADMIN, active=False)
    UserFactory.create(contractor=asked.contractor, role=Role.BUYER)

    [letter] = strike(AFTER_10)

    assert letter.to == [admin.email]
    [event] = unanswered()
    assert (event.subject_id, event.actor) == (asked.public_id, SYSTEM.plain())
    assert event.detail == {"consultation": str(thread.public_id), "kind": "talks"}
    thread.refresh_from_db()
    assert (thread.unanswered_at, thread.clock_at) == (AFTER_10, None)


def test_without_an_admin_the_reply_address_is_told(asked, thread):
    ignore(thread)

    assert [letter.to for letter in outbox.outbox] == [[asked.contractor.reply_to]] * 2


def test_the_clock_may_strike_again_and_again(admin, thread):
    for now in (AFTER_5, AFTER_5 + MINUTE, AFTER_10, AFTER_10 + MINUTE):
        strike(now)

    assert len(outbox.outbox) == 2
    assert unanswered().count() == 1


def test_a_clock_that_slept_says_only_what_is_true_now(admin, thread):
    [letter] = strike(AFTER_10 + timedelta(days=2))

    assert letter.to == [admin.email]


def test_at_night_the_letter_waits_for_the_morning(admin, thread):
    night = datetime(2026, 12, 9, 15, tzinfo=UTC)  # midnight in Tokyo

    assert strike(night) == []
    [letter] = strike(datetime(2026, 12, 10, 0, 30, tzinfo=UTC))

    assert letter.to == [admin.email]
    assert unanswered().get().occurred_at == night


def test_an_answer_a_moment_before_means_no_letter(thread):
    urging.write_due(now=AFTER_5)
    consulting.write(thread, "お答えします。", voice=PERSON, now=AFTER_5)

    [notice] = Notice.objects.select_related("person", "contractor").claim(now=AFTER_5)
    alerting.send(notice, now=AFTER_5)

    assert outbox.outbox == []
    notice.refresh_from_db()
    assert notice.outcome == "dropped"


def test_what_a_machine_says_does_not_stop_the_clock_and_a_person_s_word_does(thread):
    consulting.write(thread, "受け付けました。", voice=MACHINE, now=OPENED)
    assert len(strike(AFTER_5)) == 1

    consulting.write(thread, "お答えします。", voice=PERSON, now=AFTER_5 + MINUTE)

    assert strike(AFTER_10) == []
    assert not unanswered().exists()


def test_each_turn_has_a_clock_of_its_own(thread):
    strike(AFTER_5)
    consulting.write(thread, "お答えします。", voice=PERSON, now=AFTER_5 + MINUTE)
    consulting.write(thread, "もう一つあります。", voice=THEY, now=AFTER_10)

    [told] = strike(AFTER_10 + MINUTE)
    [letter] = strike(datetime(2026, 12, 16, 1, tzinfo=UTC))

    assert "新しい書き込み" in told.subject
    assert "5営業日" in letter.body
    assert letter.to == [thread.contractor.reply_to]


@pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.TALKS])
def test_every_kind_of_thread_is_timed(asked, kind):
    begin(asked, kind)

    assert len(strike(AFTER_5)) == 1


def test_a_request_that_was_taken_back_has_no_clock(asked, thread):
    asking.cancel(asked, reason="", actor=SYSTEM, now=OPENED)

    assert strike(AFTER_10) == []

    assert not unanswered().exists()
    assert not Consultation.objects.filter(clock_at__isnull=False).exists()


def stopped(asked, person):
    """What is refused while a supplier waits for too long, by name."""
    supplier, now = asked.supplier, AFTER_10 + DAY
    wish = Wish(supplier, asked.contact, official("ipa-self-diagnosis"), date(2027, 1, 29))
    day = date(2027, 1, 20)
    decision = Decision("確認のため", day, day, date(2026, 12, 9))
    draft = AssessmentFactory.create(
        contractor=asked.contractor,
        supplier=supplier,
        contact=asked.contact,
        number=9002,
        status=Status.DRAFT,
    )
    return {
        "ask": lambda: asking.ask(asked.contractor, wish, send=True, actor=SYSTEM, now=now),
        "draft": lambda: asking.ask(asked.contractor, wish, send=False, actor=SYSTEM, now=now),
        "send": lambda: asking.send(draft, actor=SYSTEM, now=now),
        "remind": lambda: prompting.remind(asked, actor=SYSTEM, now=now),
        "cancel": lambda: asking.cancel(asked, reason="", actor=SYSTEM, now=now),
        "hold": lambda: stopping.hold(supplier, decision, person=person, now=now),
    }


@pytest.mark.parametrize("name", ["ask", "draft", "send", "remind", "cancel", "hold"])
def test_nothing_is_asked_of_who_was_ignored_until_a_person_answers(asked, admin, thread, name):
    act = stopped(asked, admin)[name]
    ignore(thread)
    mails, events = Mail.objects.count(), Event.objects.count()

    with pytest.raises(TalksUnanswered) as refusal:
        act()
    assert asked.readable_number() in str(refusal.value)
    assert refusal.value.more == {"consultation": awaiting.address(thread)}
    assert (Mail.objects.count(), Event.objects.count()) == (mails, events)
    assert not Hold.objects.exists()
    consulting.write(thread, "受け付けました。", voice=MACHINE, now=AFTER_10)
    with pytest.raises(TalksUnanswered):
        act()

    consulting.write(thread, "お答えします。", voice=PERSON, now=AFTER_10)

    act()


def test_words_that_were_erased_bind_nobody_any_more(asked, admin, thread):
    act = stopped(asked, admin)["ask"]
    ignore(thread)

    Assessment.objects.filter(pk=asked.pk).update(talks_erased_at=AFTER_10)

    act()


def test_what_was_accepted_cannot_be_taken_back_whoever_waits():
    accepted = AssessmentFactory.create(status=Status.ACCEPTED, number=9001)
    ignore(begin(accepted, Kind.OBJECTION))

    with pytest.raises(WrongStatus):
        asking.cancel(accepted, reason="", actor=SYSTEM, now=AFTER_10)


def test_another_request_of_who_was_ignored_is_taken_back_as_before(asked, thread):
    ignore(thread)
    other = AssessmentFactory.create(
        contractor=asked.contractor, supplier=asked.supplier, contact=asked.contact, number=9002
    )

    asking.cancel(other, reason="", actor=SYSTEM, now=AFTER_10)

    assert awaiting.is_ignored(asked.supplier)


def test_another_supplier_of_the_same_contractor_is_asked_as_before(asked, admin, thread):
    ignore(thread)
    contact = ContactFactory.create(contractor=asked.contractor)
    wish = Wish(contact.supplier, contact, official("ipa-self-diagnosis"), date(2027, 1, 29))

    asking.ask(asked.contractor, wish, send=True, actor=SYSTEM, now=AFTER_10)


@pytest.mark.parametrize("kind", [Occasion.Kind.SECOND_REMINDER, Occasion.Kind.REMINDER])
def test_a_reminder_that_was_owed_before_does_not_leave(asked, thread, kind):
    ignore(thread)
    outbox.outbox.clear()
    owing.owe(asked, asked.contact, kind, now=AFTER_10)

    [mail] = Mail.objects.select_related("contact").claim(now=AFTER_10)
    carry([mail], now=AFTER_10)

    mail.refresh_from_db()
    assert (mail.outcome, outbox.outbox) == ("dropped", [])


def test_talks_that_began_a_moment_ago_stop_the_clock_s_reminder(asked):
    owing.owe(asked, asked.contact, Occasion.Kind.SECOND_REMINDER, now=OPENED)
    begin(asked)

    [mail] = Mail.objects.select_related("contact").claim(now=OPENED)
    carry([mail], now=OPENED)

    assert outbox.outbox == []


def test_other_requests_of_who_was_ignored_are_not_reminded_of(asked, thread):
    other = AssessmentFactory.create(
        contractor=asked.contractor,
        supplier=asked.supplier,
        contact=asked.contact,
        due_on=date(2026, 12, 14),
        remind_at=AFTER_10,
    )
    ignore(thread)

    reminding.write_due(now=AFTER_10)
    other.refresh_from_db()
    assert other.remind_at == AFTER_10
    assert not other.occasions.exists()

    consulting.write(thread, "お答えします。", voice=PERSON, now=AFTER_10)
    reminding.write_due(now=AFTER_10 + timedelta(minutes=20))
    assert other.occasions.count() == 1


def test_the_sweep_s_cost_follows_what_is_due(thread, django_assert_num_queries):
    for _ in range(5):
        begin(AssessmentFactory.create(), now=AFTER_5)
    strike(AFTER_5)

    with django_assert_num_queries(3):  # a savepoint, the due rows by their index, its release
        assert urging.write_due(now=AFTER_5 + MINUTE) == 0
