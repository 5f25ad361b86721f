"""What went into one letter to a person counts for each of its requests."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assessments import asking, mailing, owing, reminding, unreached
from assessments.models import AUTOMATIC, Assessment, Mail, Occasion
from contractors.actors import SYSTEM
from tests.acts.test_taking_turns import LATER, MORNING, again, ask, contact, send
from tests.factories import AssessmentFactory

__all__ = ["contact"]  # a fixture

pytestmark = pytest.mark.django_db

HOURS_LATER = LATER + timedelta(hours=4)
NIGHT = datetime(2026, 12, 15, 15, tzinfo=UTC)  # midnight in Tokyo


@pytest.fixture
def asked(contact):
    """Requests to three suppliers at which one person stands, all reminded in one letter."""
    rows = [ask(contact), ask(again(contact)), ask(again(contact))]
    reminding.write_due(now=MORNING)
    return rows


def test_each_of_them_gets_its_apology(asked, mailoutbox):
    send(LATER)

    for each in asked:
        asking.cancel(each, reason="誤り", actor=SYSTEM, now=HOURS_LATER)
    while Mail.objects.filter(due_at__lte=HOURS_LATER).exists():
        send(HOURS_LATER)

    assert len(mailoutbox) == 4
    numbers = {each.readable_number() for each in asked}
    told = {number for letter in mailoutbox[1:] for number in numbers if number in letter.body}
    assert told == numbers


def test_an_apology_waits_for_office_hours(asked, mailoutbox):
    send(LATER)

    asking.cancel(asked[0], reason="誤り", actor=SYSTEM, now=NIGHT)
    send(NIGHT)

    assert len(mailoutbox) == 1
    send(NIGHT + timedelta(hours=11))
    assert len(mailoutbox) == 2


def test_four_letters_to_another_row_of_a_person_are_four_letters(contact):
    asked = ask(again(contact))
    for kind in AUTOMATIC:
        told = {"contractor": contact.contractor, "assessment": asked, "kind": kind}
        mail = Mail.objects.create(
            contractor=contact.contractor, contact=contact, outcome="sent", closed_at=MORNING
        )
        Occasion.objects.create(mail=mail, arose_on=date(2026, 12, 14), **told)

    reminding.write_due(now=MORNING)

    assert asked.occasions.count() == 4


def test_where_it_could_not_be_sent_each_stands_in_the_work_list(asked):
    Mail.objects.filter(pk=Mail.objects.order_by("pk").first().pk).update(due_at=LATER)
    [mail] = Mail.objects.select_related("contact").claim(now=LATER, limit=1)
    [mail], _send = mailing.begin([mail], now=LATER)
    Mail.objects.give_up(mail, outcome="put-off")

    assert set(unreached.unsent()) == set(asked)


def test_what_is_said_in_a_letter_to_another_row_is_dropped_with_the_charge(asked):
    [mail] = Mail.objects.select_related("contact").claim(now=LATER, limit=1)
    mailing.begin([mail], now=LATER)
    other = next(each for each in asked if each.contact_id != mail.contact_id)

    owing.drop(other, other.contact, now=LATER)

    assert other.occasions.get().left_out == "handed_over"


def test_whoever_slept_past_the_lease_sends_nothing_whatever_the_letter(contact, mailoutbox):
    request = AssessmentFactory.create(contractor=contact.contractor, contact=contact)
    owing.owe(request, contact, Occasion.Kind.EXTENDED, now=LATER)
    [mail] = Mail.objects.select_related("contact").claim(now=LATER)
    [sleeper], late = mailing.begin([mail], now=LATER)
    send(LATER + timedelta(minutes=6))

    late(sleeper, now=LATER + timedelta(minutes=7))

    assert len(mailoutbox) == 1
    assert Assessment.objects.get(pk=request.pk).occasions.get().mail.outcome == "sent"
