"""A worker that lives but takes nothing is ended and started anew; one that works is left alone."""

import os
import signal
import time
from pathlib import Path

import pytest

from assessments.models import Mail
from config import signs
from tests.faults.campaigning import SEND, all_are_closed, ask
from tests.faults.processes import until

SILENT = 6  # seconds
FEW = 8  # mails


@pytest.fixture(autouse=True)
def impatient(service):
    service.env |= {"SILENT_AFTER": str(SILENT), "LEASE": "8", "MAIL_TIMEOUT": "2"}


def ringing_at(doorbell):
    def done():
        doorbell.ring(SEND)
        time.sleep(0.5)
        return all_are_closed()

    return done


def at_work(service):
    """A worker that has taken something already: one that only starts is given more time."""
    process = service.worker()
    environment = Path(f"/proc/{process.worker()}/environ").read_bytes().split(b"\0")
    [folder] = [each for each in environment if each.startswith(signs.FOLDER.encode())]
    taken = Path(folder.decode().partition("=")[2]) / "taken"
    until(taken.exists, "it has taken a canary")
    return process


@pytest.mark.parametrize("whom", ["its processes", "all of it"])
def test_a_worker_that_takes_nothing_is_ended_and_the_next_one_sends_the_mail(
    service, doorbell, tally, whom
):
    worker = at_work(service)
    stuck = worker.worker()
    victims = [*worker.children(), *([stuck] if whom == "all of it" else [])]
    for pid in victims:
        os.kill(pid, signal.SIGSTOP)
    ask(FEW)

    until(ringing_at(doorbell), "the worker after it sent the mail", within=90)

    line = tally(f"watchdog: {whom} hangs", kills=1)
    assert (line["owed"], line["lost"], line["doubled"]) == (FEW, 0, 0)
    assert worker.worker() != stuck
    assert "worker_stuck" in worker.said()
    assert not any(os.path.exists(f"/proc/{pid}") for pid in victims)


def test_a_worker_whose_processes_are_all_at_work_is_left_alone(service, doorbell, postbox, tally):
    service.env |= {"LEASE": "60", "MAIL_TIMEOUT": "4"}
    ask(2 * 10)
    postbox.on_arrival = lambda _arrived: time.sleep(1)
    worker = at_work(service)
    before = worker.worker()

    for _ in range(2):
        doorbell.ring(SEND)
    until(all_are_closed, "the slow letters are sent", within=90)

    line = tally("watchdog: a busy worker")
    assert (line["owed"], line["lost"], line["doubled"]) == (20, 0, 0)
    assert worker.worker() == before
    assert "worker_stuck" not in worker.said()


def test_a_worker_whose_broker_is_away_is_left_alone(service, doorbell, tally):
    worker = at_work(service)
    before = worker.worker()
    ask(FEW)

    doorbell.stop()
    time.sleep(2.5 * SILENT)
    doorbell.start()
    until(ringing_at(doorbell), "the same worker sent the mail", within=90)

    line = tally(f"watchdog: broker away for {2.5 * SILENT:.0f} s")
    assert (line["owed"], line["lost"], line["doubled"]) == (FEW, 0, 0)
    assert Mail.objects.filter(outcome="sent").count() == FEW
    assert worker.worker() == before
    assert "worker_stuck" not in worker.said()


def test_a_killed_watchdog_takes_its_worker_with_it(service):
    process = service.worker()
    below = [process.worker(), *process.children()]

    os.kill(process.pid, signal.SIGKILL)

    until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in below), "all are gone")


@pytest.mark.parametrize("broker", ["there", "away"])
def test_a_worker_that_is_told_to_end_leaves_no_queue_of_its_own(service, doorbell, broker):
    process = at_work(service)
    before = doorbell.names_with("canary")
    if broker == "away":
        doorbell.stop()

    process.popen.terminate()
    process.popen.wait(30)

    assert before
    assert process.popen.returncode == 0
    assert "Traceback" not in process.said()
    if broker == "there":
        assert not doorbell.names_with("canary")
