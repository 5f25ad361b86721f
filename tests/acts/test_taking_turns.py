"""A person gets one letter a day that nobody waits for, in office hours, and it says all."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from assessments import notifying, owing, reminding, submitting, taking_turns
from assessments.models import Assessment, Campaign, Mail, Occasion, Status
from assessments.submitting import Responsible
from suppliers.models import Contact, State
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    CertificationFactory,
    ContactFactory,
    ContractorFactory,
    official,
)
from tests.sending import carry

pytestmark = pytest.mark.django_db

ASKED = datetime(2026, 12, 1, 1, tzinfo=UTC)  # a Tuesday, ten in the morning in Tokyo
MORNING = datetime(2026, 12, 15, 1, tzinfo=UTC)  # three business days before the due day
LATER = MORNING + timedelta(minutes=30)  # when the letters of that moment have left
EVENING = datetime(2026, 12, 15, 9, tzinfo=UTC)  # six o'clock there
TOMORROW = LATER + timedelta(days=1)
DUE_ON = date(2026, 12, 18)
Kind = Occasion.Kind


@pytest.fixture
def contact():
    return ContactFactory.create(email="Taro@yamada.example")


def again(contact):
    """The same person at another supplier of the same contractor."""
    return ContactFactory.create(contractor=contact.contractor, email=contact.email.lower())


def ask(contact, factory=AssessmentFactory, **fields):
    told = {"due_on": DUE_ON, "remind_at": MORNING, "requested_at": ASKED} | fields
    return factory.create(contractor=contact.contractor, contact=contact, **told)


def send(now):
    carry(Mail.objects.select_related("contact").claim(now=now), now=now)


@pytest.mark.parametrize("leader", [0, 2])  # whichever row of the person is due first
def test_what_comes_up_on_one_day_goes_into_one_letter_with_a_link_to_each(
    contact, mailoutbox, leader
):
    asked = [ask(contact), ask(contact), ask(again(contact))]
    holder = CertificationFactory.create(
        contractor=contact.contractor, supplier=contact.supplier, scheme="isms",
        letter="expiring", letter_due_at=MORNING, state=State.VERIFIED,
        valid_until=date(2026, 12, 28),
    )  # fmt: skip
    notifying.write_due(now=MORNING)
    reminding.write_due(now=MORNING)
    rows = Mail.objects.filter(contact=asked[leader].contact)
    rows.update(due_at=MORNING + timedelta(minutes=1))

    send(LATER)
    send(TOMORROW)

    [letter] = mailoutbox
    assert "4件" in letter.subject
    assert len(set(re.findall(r"https?://\S+/r/\S+", letter.body))) == 4
    assert sum(each.links.count() for each in asked) == 4
    assert "List-Unsubscribe" in letter.extra_headers
    assert Occasion.objects.filter(mail__outcome="sent", left_out="").count() == 4
    assert holder.occasions.get().mail.outcome == "sent"
    assert sorted(Mail.objects.values_list("outcome", flat=True)) == [*["combined"] * 3, "sent"]


def test_what_comes_up_after_the_letter_of_the_day_waits_for_the_next_business_day(
    contact, mailoutbox
):
    ask(contact)
    reminding.write_due(now=MORNING)
    send(LATER)
    ask(again(contact))
    reminding.write_due(now=LATER)

    send(LATER + timedelta(hours=1))

    assert len(mailoutbox) == 1
    [waiting] = Mail.objects.filter(closed_at=None)
    assert waiting.failures == 0
    assert MORNING + timedelta(days=1) < waiting.due_at < TOMORROW
    send(TOMORROW)
    assert len(mailoutbox) == 2


def test_another_contractor_knows_nothing_of_it(contact, mailoutbox):
    ask(contact)
    ask(ContactFactory.create(contractor=ContractorFactory.create(), email=contact.email))
    reminding.write_due(now=MORNING)

    send(LATER)

    assert len(mailoutbox) == 2


@pytest.mark.parametrize(
    "closed",
    [
        EVENING,
        datetime(2026, 12, 15, 16, tzinfo=UTC),  # one at night
        datetime(2026, 12, 15, 8, tzinfo=UTC),  # five o'clock sharp
    ],
)
def test_outside_the_hours_it_is_put_off_without_a_step_of_the_ladder(contact, closed, mailoutbox):
    ask(contact)
    reminding.write_due(now=MORNING)

    send(closed)

    mail = Mail.objects.get()
    assert (mailoutbox, mail.failures, mail.closed_at) == ([], 0, None)
    assert MORNING + timedelta(days=1) < mail.due_at < TOMORROW


def test_before_the_holidays_it_waits_until_they_are_over(contact):
    asked = ask(contact, due_on=date(2027, 1, 6), remind_at=datetime(2026, 12, 25, 1, tzinfo=UTC))
    mail = Mail.objects.create(contractor=contact.contractor, contact=contact, due_at=EVENING)
    Occasion.objects.create(
        contractor=contact.contractor, assessment=asked, mail=mail, kind=Kind.SECOND_REMINDER,
        arose_on=date(2026, 12, 28),
    )  # fmt: skip

    send(datetime(2026, 12, 28, 9, tzinfo=UTC))

    mail.refresh_from_db()
    assert mail.due_at.date() == date(2027, 1, 5)


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.EXTENDED, Kind.HANDED_OVER])
def test_what_somebody_waits_for_leaves_at_any_hour(contact, kind, mailoutbox):
    asked = ask(contact)
    owing.owe(asked, contact, kind, now=EVENING)

    send(EVENING)

    assert len(mailoutbox) == 1


def test_an_invitation_is_the_letter_of_its_day(contact, mailoutbox):
    owing.owe(ask(contact, remind_at=None), contact, Kind.INVITATION, now=MORNING)
    send(MORNING)
    ask(again(contact))
    reminding.write_due(now=MORNING)

    send(LATER)

    assert len(mailoutbox) == 1


def test_invitations_of_campaigns_keep_the_hours_and_say_in_one_letter_what_each_says(
    contact, mailoutbox
):
    for person in (contact, again(contact)):
        campaign = Campaign.objects.create(
            contractor=contact.contractor, name="2026年度", due_on=DUE_ON,
            questionnaire=official("ipa-self-diagnosis"), created_at=ASKED, updated_at=ASKED,
        )  # fmt: skip
        asked = ask(person, campaign=campaign, remind_at=None)
        owing.owe(asked, person, Kind.INVITATION, now=EVENING)

    send(EVENING)
    assert mailoutbox == []
    send(TOMORROW)

    [letter] = mailoutbox
    assert letter.body.count("「わからない」と答えて提出できます。") == 2
    assert letter.body.count("パスワードやお金を求めることはありません。") == 1
    assert Assessment.objects.filter(link_sent_at=TOMORROW).count() == 2


def test_of_a_common_letter_what_is_settled_a_moment_before_is_not_said(contact, mailoutbox):
    done, still = ask(contact, AnsweredFactory), ask(again(contact))
    reminding.write_due(now=MORNING)
    person = Responsible(name="山田一郎", title="社長", email=contact.email)
    submitting.submit(done, responsible=person, now=MORNING)

    send(LATER)

    told = Occasion.objects.filter(kind=Kind.SECOND_REMINDER)
    assert told.get(assessment=done).left_out == "submitted"
    assert told.get(assessment=still).left_out == ""
    reminders = [each for each in mailoutbox if "期限です" in each.subject]
    assert len(reminders) == 1
    assert done.links.count() <= 1


def test_of_four_letters_to_a_person_about_a_request_no_more_follow(contact, mailoutbox):
    asked = ask(contact)
    sent = Mail.objects.create(
        contractor=contact.contractor, contact=contact, outcome="sent", closed_at=ASKED
    )
    for day in range(4):
        Occasion.objects.create(
            contractor=contact.contractor, assessment=asked, mail=sent, kind=Kind.SECOND_REMINDER,
            arose_on=date(2026, 11, 10 + day),
        )  # fmt: skip

    reminding.write_due(now=MORNING)
    owing.owe(asked, contact, Kind.SECOND_REMINDER, now=MORNING)
    send(LATER)

    assert mailoutbox == []
    assert [each.left_out for each in asked.occasions.filter(arose_on=DUE_ON.replace(day=15))] == [
        "capped"
    ]


def test_a_reminder_that_names_the_old_day_is_dropped(contact, mailoutbox):
    asked = ask(contact)
    reminding.write_due(now=MORNING)
    Assessment.objects.filter(pk=asked.pk).update(
        due_on=date(2027, 1, 29), original_due_on=DUE_ON, extensions=1
    )

    send(LATER)

    assert mailoutbox == []
    assert asked.occasions.get().left_out == "extended"


def test_a_worker_that_died_with_the_day_s_letter_hands_it_to_the_next(contact, mailoutbox):
    ask(contact)
    reminding.write_due(now=MORNING)
    [mail] = Mail.objects.select_related("contact").claim(now=LATER)
    assert taking_turns.take([mail], now=LATER).going == [mail]

    send(LATER + timedelta(minutes=6))

    assert len(mailoutbox) == 1


def test_whose_letter_went_into_another_has_nothing_to_send(contact, mailoutbox):
    ask(contact)
    ask(again(contact))
    reminding.write_due(now=MORNING)
    one, other = Mail.objects.select_related("contact").claim(now=LATER)

    carry([one], now=LATER)
    carry([other], now=LATER)

    assert len(mailoutbox) == 1
    assert "2件" in mailoutbox[0].subject


@pytest.mark.parametrize("first", ["out", "contact"])
def test_who_opted_out_at_one_supplier_hears_of_the_other_alone(first, contact, mailoutbox):
    out = again(contact)
    silent, still = ask(out), ask(contact)
    reminding.write_due(now=MORNING)
    Contact.objects.filter(pk=out.pk).update(status=Contact.Status.OPTED_OUT)
    letter = Mail.objects.filter(contact=out if first == "out" else contact)
    letter.update(due_at=MORNING)

    send(LATER)

    assert Occasion.objects.get(assessment=silent).left_out == "opted_out"
    assert (len(mailoutbox), still.links.count(), silent.links.count()) == (1, 1, 0)
    assert still.status == Status.INVITED
