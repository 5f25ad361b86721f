"""A connection to the database is ended at a bad moment: nothing is lost, and little is doubled."""

import asyncio
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError, close_old_connections, connection
from django.db.backends.signals import connection_created
from django.utils import timezone

from assessments import tasks
from assessments.models import Assessment, Mail
from contractors.actors import SYSTEM
from events import listening, recording
from events import tasks as told
from events.models import Delivery, Kind
from events.owed import LEASE
from events.recording import Happening
from tests.factories import EndpointFactory
from tests.faults.campaigning import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed")]

FEW = 4  # letters


def end(pid):
    """From a connection of nobody's: whoever is asked here may be the one that is ended."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as line:
        line.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def end_ours():
    end(connection.connection.info.backend_pid)


@contextmanager
def ended_as_soon_as_made(times):
    """So many of the next connections are ended before anything is asked over them."""
    left = [times]

    def struck(connection, **_told):
        if left[0]:
            left[0] -= 1
            end(connection.connection.info.backend_pid)

    connection_created.connect(struck)
    try:
        yield
    finally:
        connection_created.disconnect(struck)


class Struck(list[object]):
    """What is kept in it ends a connection."""

    def __init__(self, pid):
        super().__init__()
        self.pid = pid

    def append(self, kept):
        end(self.pid)
        super().append(kept)


def while_a_letter_is_taken(pid):
    async def cut(server):
        await asyncio.to_thread(end, pid)

    return cut


def in_a_while():
    """All that was put off is due; what is put off further than a lease would be lost for long."""
    assert not Mail.objects.filter(due_at__gt=timezone.now() + max(LEASE, timedelta(minutes=1)))
    Mail.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    tasks.send_mail()


def outcomes():
    return Counter(Mail.objects.values_list("outcome", flat=True))


def test_between_two_turns_it_costs_nothing(mailbox):
    ask(FEW)
    end_ours()

    tasks.send_mail()

    assert (len(mailbox.mails), outcomes()) == (FEW, {"sent": FEW})


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "TAKEN"])
def test_while_a_letter_is_handed_over_it_costs_nothing(mailbox, command):
    ask(FEW)
    pid = connection.connection.info.backend_pid
    mailbox.moods[command] = [while_a_letter_is_taken(pid)]

    tasks.send_mail()

    assert (len(mailbox.mails), outcomes()) == (FEW, {"sent": FEW})
    assert not Assessment.objects.filter(link_sent_at=None).exists()


def test_an_address_that_was_refused_meanwhile_is_marked_all_the_same(mailbox):
    [asked] = ask(1)
    mailbox.refused[asked.contact.email] = "550 5.1.1 no such mailbox"
    mailbox.moods["MAIL"] = [while_a_letter_is_taken(connection.connection.info.backend_pid)]

    tasks.send_mail()

    asked.contact.refresh_from_db()
    assert asked.contact.status == "bounced"
    assert outcomes() == {"bounced": 1}


@pytest.mark.parametrize("again", [2, 3, 5, 7])  # from five on, the turn itself ends
def test_again_and_again_it_costs_a_wait_and_at_most_a_second_letter(mailbox, again):
    ask(FEW)
    mailbox.moods["TAKEN"] = [while_a_letter_is_taken(connection.connection.info.backend_pid)]

    with ended_as_soon_as_made(again), suppress(OperationalError):
        tasks.send_mail()
    close_old_connections()  # as before each task of a worker
    before = outcomes()
    in_a_while()

    assert before["sent"] < FEW
    assert outcomes() == {"sent": FEW}
    assert sorted(Counter(each["Message-ID"] for each in mailbox.mails).values()) == [1, 1, 1, 2]
    assert not Assessment.objects.filter(link_sent_at=None).exists()


def test_while_a_webhook_is_told_it_costs_nothing(listener):
    endpoint = EndpointFactory.create(url=listener.url)
    happening = Happening(Kind.SUPPLIER_UPDATED, endpoint.contractor.public_id, [])
    recording.record(endpoint.contractor, [happening], actor=SYSTEM, now=timezone.now())
    listening.test(endpoint, now=timezone.now())
    pid = connection.connection.info.backend_pid
    listener.calls = Struck(pid)

    told.deliver()

    assert len(listener.calls) == 2
    assert Counter(Delivery.objects.values_list("outcome", flat=True)) == {"http-204": 2}
