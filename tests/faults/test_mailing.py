"""Workers race, die and lose their bell in the middle of a campaign: no mail is lost."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Mail
from events.models import Event, Kind
from events.owed import CLAIM, LEASE
from suppliers.models import Contact
from tests.faults.calling import Caller
from tests.faults.campaigning import SEND, all_are_closed, ask
from tests.faults.processes import until
from tests.soaking import SOAK

CAMPAIGN = 200  # mails
MANY = 2_000


def nothing_is_due():
    return not Mail.objects.filter(due_at__lte=timezone.now()).exists()


class Killer:
    """Kills, while a mail is handed over: the server has taken it and the worker never hears so."""

    def __init__(self, service, plan):
        self.service, self.plan, self.killed = service, plan, []
        self.worker = service.worker()

    def __call__(self, arrived):
        victim = self.plan.pop(arrived, None)
        if victim == "child":
            self.killed.append(self.worker.children()[0])
            os.kill(self.killed[-1], signal.SIGKILL)
        elif victim == "group":
            self.killed.extend(self.worker.children())
            self.worker.kill()

    def start_again(self):
        until(lambda: self.worker.popen.poll() is not None, "the whole group was killed")
        self.worker = self.service.worker()


def test_workers_that_race_for_one_mail_send_it_once(service, doorbell, tally):
    service.worker()
    service.worker()

    for _ in range(20):
        ask(1)
        for _ in range(8):
            doorbell.ring(SEND)
        until(all_are_closed, "the mail is sent")

    line = tally("two workers race for one mail, 20 times")
    assert (line["owed"], line["lost"], line["doubled"]) == (20, 0, 0)


def test_workers_killed_in_the_middle_of_a_campaign_lose_nothing(service, doorbell, postbox, tally):
    ask(CAMPAIGN)
    killer = Killer(service, {40: "child", 80: "group", 120: "child", 160: "group"})
    postbox.on_arrival = killer

    doorbell.ring(SEND)
    for _ in range(2):
        killer.start_again()
        doorbell.ring(SEND)
    until(nothing_is_due, "all is sent that the dead had not claimed")
    service.end()
    claimed_by_the_dead = Mail.objects.filter(closed_at=None).count()
    service.sweep(timezone.now() + LEASE + timedelta(seconds=1))

    kills = len(killer.killed)
    line = tally(f"kill -9 of workers during {CAMPAIGN} mails", kills=kills)
    assert not killer.plan
    assert 0 < claimed_by_the_dead <= CLAIM * kills
    assert (line["owed"], line["lost"]) == (CAMPAIGN, 0)
    assert line["doubled"] <= kills
    assert max(postbox.arrived().values()) <= 2
    assert all(len(ids) == 1 for ids in postbox.ids_by_reader().values()), "twins of two names"
    assert all_are_closed()


def test_a_bell_that_is_wiped_every_second_loses_nothing(service, doorbell, tally, contractor):
    """Asked over HTTP, so that every ring is one of the web process; the clock is a real one."""
    service.worker()
    service.beat()
    service.web()
    caller = Caller(service.url)
    caller.sign_in(contractor)

    with doorbell.wiped_every(1) as wiped:
        for number in range(CAMPAIGN):
            caller.ask_new(number)
        until(lambda: wiped[0] >= 3, "the bell was wiped three times")
    until(all_are_closed, "the clock found what no ring told of", within=90)

    line = tally(f"FLUSHALL every second during {CAMPAIGN} mails, {wiped[0]} times")
    assert (line["owed"], line["lost"], line["doubled"]) == (CAMPAIGN, 0, 0)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="beside the one above it tells something only when it is long")
def test_a_bell_that_is_wiped_beside_two_thousand_mails_loses_nothing(service, doorbell, tally):
    """Asked a hundred at a time for a minute, with one ring each; the clock is a real one."""
    service.worker()
    service.worker()
    service.beat()
    began = time.monotonic()

    with doorbell.wiped_every(10) as wiped:
        for sent in range(0, MANY, 100):
            ask(100)
            doorbell.ring(SEND)
            time.sleep(max(0.0, began + 60 * sent / MANY - time.monotonic()))
    until(all_are_closed, "the clock found what no ring told of", within=90)

    line = tally(f"FLUSHALL every 10 s beside {MANY:,} mails, {wiped[0]} times")
    assert wiped[0] >= 5
    assert (line["owed"], line["lost"], line["doubled"]) == (MANY, 0, 0)


def test_one_bad_address_among_a_thousand_costs_nobody_else_a_mail(
    service, doorbell, postbox, tally
):
    asked = ask(1000)
    bad = asked[500].contact
    postbox.refused[bad.email] = "550 5.1.1 no such mailbox"
    service.worker()

    doorbell.ring(SEND)
    until(all_are_closed, "every mail is sent or given up", within=120)

    line = tally("one bad address among 1,000 mails")
    assert (line["received"], line["refused"], line["lost"], line["doubled"]) == (999, 1, 0, 0)
    assert bad.email not in postbox.ids_by_reader()
    assert list(Contact.objects.filter(status=Contact.Status.BOUNCED)) == [bad]
    told = Event.objects.get(kind=Kind.CONTACT_BOUNCED)
    assert (told.subject_id, told.changed) == (bad.supplier.public_id, ["contacts"])
    assert Mail.objects.get(contact=bad).outcome == "bounced"
