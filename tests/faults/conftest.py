"""Real processes, a real mail server, a doorbell of the test's own; a table of what came of it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from django.conf import settings
from django.utils import timezone

from assessments.models import Mail
from events.models import Operation
from tests.conftest import free_port
from tests.faults.doorbell import Doorbell
from tests.faults.lateness import late
from tests.faults.postbox import Postbox, doubled
from tests.faults.processes import PATIENCE, PROJECT, Process, line_of, until
from tests.properties.summary import tell

LONG = 600.0  # seconds, on a busy machine
COLUMNS = ("owed", "received", "refused", "lost", "doubled", "late", "kills")


@pytest.fixture
def doorbell() -> Iterator[Doorbell]:
    bell = Doorbell(free_port())
    bell.start()
    yield bell
    bell.stop()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    box.port = server.port
    yield box
    server.stop()


@dataclass
class Service:
    """The service as an operator starts it, one process after the other."""

    env: dict[str, str]
    folder: Path
    doorbell: Doorbell
    started: list[Process] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)
    since: datetime | None = None  # when the first process was started

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=int(self.env.get("LEASE", settings.LEASE)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.env['PORT']}"

    def worker(self) -> Process:
        callers = self.doorbell.callers()
        return self._start("worker", lambda: self.doorbell.listener_since(callers))

    def beat(self) -> Process:
        return self._start("beat", lambda: True)

    def web(self, **env: str) -> Process:
        return self._start("web", self._answers, **env)

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` to its end and give back what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sweep(self, now: Any) -> None:
        """What the clock will have done by then."""
        self.manage("sweep", "--now", now.isoformat())

    def end(self) -> None:
        for process in self.started:
            process.end()

    def _start(self, name: str, ready: Callable[[], object], **env: str) -> Process:
        log = self.folder / f"{name}-{next(self.numbers)}.log"
        process = Process(line_of(name), {**self.env, **env}, log, ready)
        self.since = self.since or timezone.now()
        self.started.append(process)
        return process.start()

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).ok
        except requests.RequestException:  # not yet, or slow on a busy machine
            return False


@pytest.fixture
def service(
    service_env: dict[str, str], tmp_path: Path, doorbell: Doorbell, postbox: Postbox
) -> Iterator[Service]:
    env = {
        **service_env,
        "PORT": str(free_port()),
        "REDIS_URL": doorbell.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{postbox.port}",
        "ALLOW_CLOCK": "1",
    }
    service = Service(env, tmp_path, doorbell)
    yield service
    service.end()


@pytest.fixture
def survived(service: Service, doorbell: Doorbell) -> Callable[..., dict[str, int]]:
    """Kills one worker after the other while it is at work, and lets the last one end it.

    What is rung is the name of the task that goes on with the operation; its counts come back.
    """

    def survived(operation: Operation, ring: str, *, kills: int = 5) -> dict[str, int]:
        def done() -> int:
            operation.refresh_from_db()
            return operation.done

        def goes_on(before: int) -> bool:
            return done() > before

        for _ in range(kills):
            before = done()
            worker = service.worker()
            doorbell.ring(ring)
            until(partial(goes_on, before), "another chunk is done")
            worker.kill()
            worker.end()
            # Its lease is over: as if five minutes had passed.
            Operation.objects.filter(closed_at=None).update(due_at=timezone.now())
        assert 0 < done() < operation.total
        last = service.worker()
        doorbell.ring(ring)
        until(lambda: done() == operation.total, "the last worker does the rest", within=LONG)
        last.end()
        assert operation.status == "succeeded"
        assert operation.attempt > kills
        return dict(operation.counts)

    return survived


@pytest.fixture
def tally(
    service: Service, postbox: Postbox, record_property: Callable[[str, object], None]
) -> Callable[..., dict[str, int]]:
    """What was owed and what arrived, as a line of the table at the end of the run."""

    def tally(what: str, *, kills: int = 0) -> dict[str, int]:
        assert service.since
        owed = {str(each) for each in Mail.objects.values_list("message_id", flat=True)}
        arrived = postbox.arrived()
        reached = set(arrived)
        refused = Mail.objects.filter(outcome="bounced").count()
        assert reached <= owed, "a mail that nobody owed"
        line = {
            "owed": len(owed),
            "received": len(reached),
            "refused": refused,
            "lost": len(owed - reached) - refused,
            "doubled": doubled(arrived.values()),
            "late": late(postbox.first_arrivals(), since=service.since, lease=service.lease),
            "kills": kills,
        }
        record_property("fault", [what, *(line[name] for name in COLUMNS)])
        return line

    return tally


def pytest_terminal_summary(terminalreporter: Any) -> None:
    tell(terminalreporter, "tests/faults")
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind)]
    lines = [value for each in reports for name, value in each.user_properties if name == "fault"]
    if not lines:
        return
    terminalreporter.section("faults")
    terminalreporter.line(f"{'':52}" + "".join(f"{name:>10}" for name in COLUMNS))
    for what, *numbers in lines:
        terminalreporter.line(f"{what:52}" + "".join(f"{number:>10}" for number in numbers))
