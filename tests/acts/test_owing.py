"""Claim and close, the one mechanism behind mails and deliveries: raced, not only walked."""

import datetime
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments import reminding, submitting
from assessments.models import Mail, Occasion
from assessments.submitting import Responsible
from events import bell
from events.models import Delivery, Freeze
from events.owed import CLAIM, LEASE, MOST_ATTEMPTS, next_attempt
from tests.factories import AnsweredFactory, ContactFactory
from tests.racing import together
from tests.sending import carry

LATER = datetime.datetime(2030, 1, 28, 2, tzinfo=datetime.UTC)  # when its letters leave
MONDAY = datetime.datetime(2030, 1, 28, 1, 30, tzinfo=datetime.UTC)  # 10:30 in Tokyo


def owe(count=1):
    contact, now = ContactFactory.create(), timezone.now()
    return Mail.objects.bulk_create(
        Mail(contractor=contact.contractor, contact=contact, due_at=now) for _ in range(count)
    )


def claim_all(now):
    claimed = []
    while mails := Mail.objects.claim(now=now):
        claimed += [mail.pk for mail in mails]
    return claimed


@pytest.mark.usefixtures("committed")
def test_workers_at_the_same_moment_claim_each_row_once():
    owed = owe(400)
    now = timezone.now()

    claimed = together(lambda: claim_all(now))

    assert sorted(pk for pks in claimed for pk in pks) == [mail.pk for mail in owed]
    assert set(Mail.objects.values_list("attempt", "due_at")) == {(1, now + LEASE)}
    assert sum(1 for pks in claimed if pks) > 1, "nobody raced"


@pytest.mark.django_db
def test_a_sweep_of_several_claims_goes_on_without_the_bell(strike, monkeypatch):
    monkeypatch.setattr(bell, "_quiet_until", 0.0)  # as if nobody had found it silent before
    owe(2 * CLAIM + 1)

    strike()

    assert not Mail.objects.filter(due_at__lte=timezone.now()).exists()


@pytest.mark.django_db
def test_a_claimed_row_is_claimed_again_only_after_its_lease():
    owe()
    now = timezone.now()
    Mail.objects.claim(now=now)

    before = Mail.objects.claim(now=now + LEASE - timedelta(microseconds=1))
    after = Mail.objects.claim(now=now + LEASE)

    assert before == []
    assert [mail.attempt for mail in after] == [2]


@pytest.mark.django_db
def test_what_is_due_later_is_not_claimed_and_the_longest_due_comes_first():
    now = timezone.now()
    late, early, not_yet = owe(3)
    for mail, due_at in (
        (late, now),
        (early, now - timedelta(days=1)),
        (not_yet, now + timedelta(seconds=1)),
    ):
        Mail.objects.filter(pk=mail.pk).update(due_at=due_at)

    claimed = Mail.objects.claim(now=now)

    assert claimed == [early, late]


@pytest.mark.django_db
def test_a_worker_that_slept_over_its_lease_can_neither_close_nor_put_off():
    owe()
    now = timezone.now()
    [slow] = Mail.objects.claim(now=now)
    [quick] = Mail.objects.claim(now=now + LEASE)

    assert not Mail.objects.close(slow, now=now + LEASE)
    assert not Mail.objects.put_off(slow, now=now + LEASE)
    assert not Mail.objects.postpone(slow, until=now + 9 * LEASE)

    assert Mail.objects.close(quick, now=now + LEASE, outcome="sent")
    assert not Mail.objects.close(quick, now=now + 2 * LEASE, outcome="again")
    kept = Mail.objects.get()
    assert (kept.attempt, kept.closed_at, kept.due_at) == (2, now + LEASE, None)
    assert kept.outcome == "sent"


@pytest.mark.django_db
def test_attempts_beyond_what_the_column_holds_still_fence():
    owe()
    now = timezone.now()
    Mail.objects.update(attempt=MOST_ATTEMPTS - 1)
    [slow] = Mail.objects.claim(now=now)
    [quick] = Mail.objects.claim(now=now + LEASE)

    assert (slow.attempt, quick.attempt) == (MOST_ATTEMPTS, 1)
    assert not Mail.objects.close(slow, now=now + LEASE)
    assert Mail.objects.close(quick, now=now + LEASE)


@pytest.mark.usefixtures("committed")
def test_of_those_who_close_the_same_attempt_at_the_same_moment_one_does():
    owe()
    now = timezone.now()
    [mail] = Mail.objects.claim(now=now)

    closed = together(lambda: Mail.objects.close(mail, now=now))

    assert sorted(closed) == [False, False, False, True]


@pytest.mark.parametrize("model", [Mail, Delivery])
def test_every_pause_is_longer_than_the_one_before(model):
    assert list(model.PAUSES) == sorted(set(model.PAUSES))


@pytest.mark.django_db
def test_a_mail_that_fails_is_put_off_along_the_ladder_and_then_given_up():
    owe()
    now, waited = timezone.now(), []

    while claimed := Mail.objects.claim(now=now):
        assert Mail.objects.put_off(claimed[0], now=now, outcome="put-off")
        due_at = Mail.objects.get().due_at
        if due_at:
            waited.append(due_at - now)
            assert Mail.objects.claim(now=due_at - timedelta(microseconds=1)) == []
        now = due_at or now + timedelta(days=365)

    given_up = Mail.objects.get()
    assert tuple(waited) == Mail.PAUSES
    assert (given_up.attempt, given_up.due_at, given_up.closed_at) == (6, None, None)
    assert given_up.failures == 6


@pytest.mark.django_db
def test_what_is_postponed_keeps_every_step_of_its_ladder():
    owe()
    now, night = timezone.now(), timedelta(hours=15)

    for _ in range(2 * len(Mail.PAUSES)):
        [mail] = Mail.objects.claim(now=now)
        assert Mail.objects.postpone(mail, until=now + night)
        assert Mail.objects.claim(now=now + night - timedelta(microseconds=1)) == []
        now += night

    [mail] = Mail.objects.claim(now=now)
    Mail.objects.put_off(mail, now=now, outcome="put-off")
    kept = Mail.objects.get()
    assert kept.due_at == now + Mail.PAUSES[0]
    assert (kept.failures, kept.attempt) == (1, 2 * len(Mail.PAUSES) + 1)


@pytest.mark.django_db
def test_workers_that_die_take_no_step_of_the_ladder():
    owe()
    now = timezone.now()

    for _ in range(2 * len(Mail.PAUSES)):
        [mail] = Mail.objects.claim(now=now)
        now += LEASE

    assert mail.failures == 0
    assert Mail.objects.get().due_at == now


@pytest.mark.django_db
def test_a_receiver_that_asks_for_a_longer_pause_gets_it_and_a_shorter_one_changes_nothing():
    owe()
    now = timezone.now()
    [mail] = Mail.objects.claim(now=now)

    Mail.objects.put_off(mail, now=now, at_least=timedelta(hours=1))
    longer = Mail.objects.get().due_at
    Mail.objects.put_off(mail, now=now, at_least=timedelta(seconds=1))

    assert longer == now + timedelta(hours=1)
    assert Mail.objects.get().due_at == now + Mail.PAUSES[0]


@given(failures=st.integers(1, 40), pauses=st.lists(st.timedeltas(timedelta(), timedelta(days=9))))
def test_there_are_as_many_more_attempts_as_there_are_pauses(failures, pauses):
    now = timezone.now()

    again = next_attempt(failures, tuple(pauses), now=now)

    assert again == (now + pauses[failures - 1] if failures <= len(pauses) else None)


@pytest.mark.django_db
def test_nothing_is_claimed_while_a_freeze_is_there():
    owe(3)
    now = timezone.now()
    freeze = Freeze.objects.create(frozen_at=now, reason="restored from a backup")

    frozen = Mail.objects.claim(now=now)
    freeze.delete()
    released = Mail.objects.claim(now=now)

    assert frozen == []
    assert [mail.attempt for mail in released] == [1, 1, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["before the claim", "after the claim"])
def test_answers_handed_in_a_moment_before_the_reminder_leaves_stop_it(mailbox, moment):
    assessment = AnsweredFactory.create(remind_at=MONDAY)
    responsible = Responsible(name="山田一郎", title="社長", email=assessment.contact.email)
    reminding.write_due(now=MONDAY)
    reminder = Mail.objects.get(occasions__kind=Occasion.Kind.SECOND_REMINDER)

    if moment == "before the claim":
        submitting.submit(assessment, responsible=responsible, now=MONDAY)
    claimed = Mail.objects.select_related("contact").claim(now=LATER)
    if moment == "after the claim":
        submitting.submit(assessment, responsible=responsible, now=MONDAY)
    carry(claimed, now=LATER)

    reminder.refresh_from_db()
    assert reminder.outcome == "dropped"
    assert str(reminder.message_id) not in "".join(mail["Message-ID"] for mail in mailbox.mails)
