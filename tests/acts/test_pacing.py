"""A campaign's letters keep its pace also where they are late, and office hours till the end."""

from collections import Counter
from datetime import timedelta

import pytest

from assessments import campaigning, mailing
from assessments.models import Mail
from contractors.actors import SYSTEM
from tests.acts.campaigning import TEN, launch, settle, work
from tests.factories import CampaignFactory
from tests.sending import carry

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
NOON = TEN + timedelta(hours=2)
FIVE = TEN + timedelta(hours=7)  # the offices close
NINE = TEN + timedelta(hours=23)  # on the next business day


def launched(count, rate):
    campaign = CampaignFactory.create(suppliers=count, mails_per_minute=rate)
    launch(campaign)
    work()
    return campaign


def send_by_the_minute(start, minutes):
    """A worker that looks once a minute; says how many letters left in each."""
    left = Counter()
    for minute in range(minutes):
        now, before = start + minute * MINUTE, sent()
        while claimed := Mail.objects.select_related("contact").claim(now=now, limit=2):
            carry(claimed, now=now)
        left[minute] = sent() - before
    return left


def sent():
    return Mail.objects.filter(outcome="sent").count()


def test_what_is_due_for_long_leaves_at_the_campaigns_pace():
    launched(12, rate=2)

    left = send_by_the_minute(NOON, 12)  # two hours late

    assert sent() == 12
    assert max(left.values()) <= 4  # the first claim, and what a minute takes
    assert sum(count > 2 for count in left.values()) <= 1


def test_what_was_left_at_the_close_goes_on_in_the_morning_at_the_campaigns_pace():
    launched(12, rate=2)
    assert send_by_the_minute(FIVE, 1) == {0: 0}

    left = send_by_the_minute(NINE, 180)

    assert sent() == 12
    assert max(left.values()) <= 4


def test_what_is_in_time_keeps_its_moment():
    launched(5, rate=1)

    assert send_by_the_minute(TEN, 5) == dict.fromkeys(range(5), 1)


def test_apologies_keep_the_pace_and_the_hours():
    campaign = launched(8, rate=2)
    send_by_the_minute(TEN, 8)
    campaigning.cancel(campaign, reason="誤り", actor=SYSTEM, now=FIVE - MINUTE)
    settle(FIVE - MINUTE)

    night = send_by_the_minute(FIVE, 60)
    morning = send_by_the_minute(NINE, 180)

    assert set(night.values()) == {0}
    assert sum(morning.values()) == 8
    assert max(morning.values()) <= 4


def test_a_letter_whose_turn_comes_after_five_waits_for_the_next_day():
    launched(2, rate=1000)
    claimed = Mail.objects.select_related("contact").claim(now=FIVE - MINUTE)
    going, act = mailing.begin(claimed, now=FIVE - MINUTE)

    for place, mail in enumerate(going):
        act(mail, now=FIVE - MINUTE + 2 * place * MINUTE)  # the first took two minutes

    assert sent() == 1
    [waiting] = Mail.objects.filter(closed_at=None)
    assert waiting.due_at > NINE
