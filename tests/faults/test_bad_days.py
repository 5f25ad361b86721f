"""Everything goes wrong while mail leaves: lost is none, doubled at most one for each blow."""

import os
import random
import signal
import time
from collections import Counter

import pytest

from assessments.models import Mail
from suppliers.models import Contact
from tests.faults.campaigning import SEND, ask
from tests.faults.processes import until
from tests.faults.striking import LEASE, PATIENCE, again_and_again, ringing
from tests.moods import drip, drop, hang, say

MANY = int(os.environ.get("SOAK_MAILS", "2000"))
SOME = 60


@pytest.fixture(autouse=True)
def hasty(service):
    service.env |= {"LEASE": str(LEASE), "MAIL_TIMEOUT": "2"}


def test_workers_killed_every_few_seconds_lose_nothing(service, doorbell, postbox, tally):
    """Three workers and two beats; whoever is killed is started again, as a supervisor does."""
    ask(MANY)
    postbox.on_arrival = lambda _arrived: time.sleep(0.01)  # so that the campaign lasts
    workers = [service.worker() for _ in range(3)]
    for _ in range(2):
        service.beat()

    def kill():
        place = random.randrange(len(workers))
        victims = workers[place].children()
        workers[place].kill()
        workers[place].end()
        workers[place] = service.worker()
        return victims

    with again_and_again(kill, lambda: random.uniform(2, 5)) as killed:
        until(ringing(doorbell), "every mail is sent", within=PATIENCE)

    line = tally(f"kill -9 every 2-5 s, {MANY:,} mails, 3 workers, 2 beats", kills=len(killed))
    assert killed
    assert (line["owed"], line["lost"]) == (MANY, 0)
    assert line["doubled"] <= len(killed)
    assert all(len(ids) == 1 for ids in postbox.ids_by_reader().values())


def test_a_worker_that_sleeps_past_its_lease_sends_no_more_and_closes_nothing(
    service, doorbell, postbox, tally
):
    ask(SOME)
    sleeper = service.worker()
    asleep = []

    def stop(arrived):
        if arrived == SOME // 2:
            asleep.extend(sleeper.children())
            sleeper.signal(signal.SIGSTOP)

    postbox.on_arrival = stop
    doorbell.ring(SEND)
    until(lambda: asleep, "the first worker sleeps")
    claimed = dict(Mail.objects.filter(closed_at=None, attempt=1).values_list("pk", "attempt"))
    service.worker()
    until(ringing(doorbell), "the other one did the rest", within=PATIENCE)
    closed = dict(Mail.objects.values_list("pk", "closed_at"))
    sleeper.signal(signal.SIGCONT)
    time.sleep(3)

    line = tally("SIGSTOP past the lease, SIGCONT", kills=len(asleep))
    assert claimed
    assert (line["owed"], line["lost"], line["late"]) == (SOME, 0, 0)
    assert line["doubled"] <= len(asleep)
    assert dict(Mail.objects.values_list("pk", "closed_at")) == closed
    assert set(Mail.objects.filter(pk__in=claimed).values_list("attempt", flat=True)) <= {1, 2}


@pytest.mark.parametrize(
    ("what", "command", "mood", "times"),
    [
        ("refuses every sender for a while", "MAIL", say("451 4.3.0 come back later"), SOME),
        ("greylists everybody", "RCPT", say("450 4.2.0 greylisted"), SOME),
        ("hangs before it takes a letter", "RCPT", hang, 4),
        ("drips its answer", "RCPT", drip, 4),
        ("closes before it takes a letter", "MAIL", drop, SOME),
        ("drops after DATA and took the letter", "TAKEN", drop, SOME // 4),
        ("hangs after DATA and took the letter", "TAKEN", hang, 4),
    ],
)
def test_a_mail_server_with_a_bad_day_costs_no_letter(
    service, doorbell, postbox, tally, what, command, mood, times
):
    ask(SOME)
    postbox.moods[command] = [mood] * times
    service.worker()

    until(ringing(doorbell), "every mail is sent", within=PATIENCE)

    taken = times if command == "TAKEN" else 0
    line = tally(f"SMTP {what}", kills=taken)
    assert (line["owed"], line["lost"], line["refused"], line["late"]) == (SOME, 0, 0, 0)
    assert line["doubled"] <= taken
    assert max(postbox.arrived().values()) <= 2
    assert not postbox.moods[command]
    assert not Contact.objects.filter(status=Contact.Status.BOUNCED).exists()
    ended = Counter(Mail.objects.values_list("outcome", flat=True))
    assert set(ended) <= {"sent", "uncertain"}
