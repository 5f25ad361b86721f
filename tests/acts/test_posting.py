"""Letters over one connection, each with a time limit; what a bad mail server costs: no letter."""

import time

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from assessments import smtp, tasks
from assessments.models import Mail
from events.models import Event
from events.owed import CLAIM
from suppliers.models import Contact
from tests.conftest import free_port
from tests.factories import ContactFactory
from tests.faults.campaigning import ask
from tests.moods import accept, drip, drop, hang, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def impatient(settings):
    settings.MAIL_TIMEOUT = 0.5  # seconds, so that the tests are short


def run():
    """One turn of a worker, at this moment."""
    return tasks.send_mail()


def all_due():
    Mail.objects.filter(due_at__isnull=False).update(due_at=timezone.now())


def states():
    return sorted(Mail.objects.values_list("outcome", "failures"))


def test_one_connection_carries_the_letters_of_many_claims(mailbox):
    ask(2 * CLAIM)

    while run():
        pass

    assert len(mailbox.mails) == 2 * CLAIM
    assert mailbox.connections == 1


def test_a_server_that_closed_meanwhile_is_called_again_without_a_failure(mailbox):
    ask(3)
    mailbox.moods["MAIL"] = [accept, drop, accept, say("421 4.7.0 enough for one connection")]

    run()

    assert states() == [("sent", 0)] * 3
    assert mailbox.connections == 3


def test_a_connection_that_was_idle_for_long_is_not_used_again(mailbox, settings):
    settings.MAIL_IDLE = 0
    ask(2)

    run()

    assert mailbox.connections == 2
    assert len(mailbox.mails) == 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("mood", [hang, drip])
def test_a_letter_takes_no_longer_than_its_limit_whatever_the_server_does(mailbox, mood, command):
    ask(2)
    mailbox.moods[command] = [mood]
    began = time.monotonic()

    run()

    assert time.monotonic() - began < 3
    ended = "uncertain" if command == "DATA" else "put-off"
    assert states() == sorted([(ended, 1), ("sent", 0)])


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("MAIL", "451 4.3.0 come back later"),
        ("MAIL", "550 5.7.1 we do not like you"),
        ("MAIL", "421 4.3.2 closing"),
        ("RCPT", "450 4.2.0 greylisted"),
        ("RCPT", "421 4.3.2 closing"),
        ("RCPT", "550 5.7.1 relaying denied"),
        ("RCPT", "530 5.7.0 authenticate first"),
        ("DATA", "451 4.3.0 come back later"),
        ("DATA", "554 5.6.0 we do not like this"),
    ],
)
def test_what_says_nothing_about_the_address_is_tried_again(mailbox, command, answer):
    ask(2)
    mailbox.moods[command] = [say(answer), say(answer)]

    run()

    assert Mail.objects.filter(outcome="put-off", failures=1).exists()
    assert not Contact.objects.filter(status=Contact.Status.BOUNCED).exists()
    mailbox.moods.clear()
    all_due()
    run()
    assert {outcome for outcome, _ in states()} == {"sent"}
    assert max(Mail.objects.values_list("failures", flat=True)) == 1


def test_an_address_that_does_not_exist_bounces_and_costs_nobody_else_a_letter(mailbox):
    asked = ask(3)
    mailbox.refused[asked[1].contact.email] = "550 5.1.1 no such mailbox"

    run()

    assert states() == [("bounced", 0), ("sent", 0), ("sent", 0)]
    assert mailbox.connections == 1
    assert Contact.objects.get(status=Contact.Status.BOUNCED) == asked[1].contact


def test_an_address_that_bounced_is_written_to_at_no_supplier_of_this_contractor(mailbox):
    [asked] = ask(1)
    gone = {"contractor": asked.contractor, "email": asked.contact.email.upper()}
    away, out = ContactFactory.create(**gone), ContactFactory.create(**gone, status="opted_out")
    elsewhere = ContactFactory.create(email=asked.contact.email)
    mailbox.refused[asked.contact.email] = "550 5.1.1 no such mailbox"

    run()

    statuses = [Contact.objects.get(pk=each.pk).status for each in (away, out, elsewhere)]
    assert statuses == ["bounced", "opted_out", "active"]
    told = Event.objects.filter(kind="contact.bounced").values_list("subject_id", flat=True)
    assert set(told) == {asked.supplier.public_id, away.supplier.public_id}


def test_a_letter_whose_answer_is_lost_is_sent_once_more_under_the_same_id(mailbox):
    ask(1)
    mailbox.moods["TAKEN"] = [drop]

    run()
    owed = Mail.objects.get()
    assert (owed.outcome, owed.uncertainties, owed.closed_at) == ("uncertain", 1, None)
    all_due()
    run()

    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert Mail.objects.get().outcome == "sent"


def test_a_letter_whose_answer_is_lost_twice_is_given_up_openly_and_never_sent_again(mailbox):
    ask(1)
    mailbox.moods["TAKEN"] = [drop, drop]
    mailbox.moods["RCPT"] = [accept, say("450 4.2.0 greylisted")]

    for _ in range(4):  # lost, put off, lost, and nothing
        run()
        all_due()

    assert len(mailbox.mails) == 2
    [owed] = Mail.objects.all().given_up()
    assert (owed.outcome, owed.uncertainties) == ("uncertain", 2)


def test_an_answer_that_is_no_answer_is_as_good_as_none(mailbox):
    ask(1)
    mailbox.moods["TAKEN"] = [say("what?")]

    run()

    assert Mail.objects.get().outcome == "uncertain"


def test_while_there_is_no_mail_server_everybody_waits_and_nobody_takes_a_step(mailbox, settings):
    settings.EMAIL_PORT = free_port()
    ask(CLAIM + 1)

    more = run()

    assert not more, "the clock looks again, not the next ring"
    assert set(Mail.objects.values_list("outcome", "failures", "closed_at")) == {
        ("", 0, None),
        ("halted", 0, None),
    }
    assert Mail.objects.filter(due_at__gt=timezone.now()).count() == CLAIM


def test_a_letter_that_nobody_can_write_costs_no_other_its_turn(mailbox):
    asked = ask(3)
    broken = asked[0].contact
    Contact.objects.filter(pk=broken.pk).update(language="xx")

    run()

    assert states() == [("failed", 1), ("sent", 0), ("sent", 0)]


def test_letters_that_are_kept_as_files_know_no_server(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    ask(2)

    run()

    assert len(list(tmp_path.iterdir())) == 2
    assert states() == [("sent", 0)] * 2


def test_the_service_uses_the_backend_that_keeps_its_connection(settings):
    assert settings.MAIL_TIMEOUT * CLAIM <= 300
    backend = django_mail.get_connection("assessments.smtp.EmailBackend")
    assert isinstance(backend, smtp.EmailBackend)
