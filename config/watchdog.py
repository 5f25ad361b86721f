"""`python -m config.watchdog`: a worker and who watches it, from a process of its own.

It puts canaries into a queue that this one worker empties, beside the common one. A worker that
lives and takes none, nor anything else, is ended and started anew. Its own end is passed on.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final

from config import embedded

embedded.start_unless_given()

import structlog  # noqa: E402
from celery.exceptions import OperationalError  # noqa: E402
from django.conf import settings  # noqa: E402
from django.utils.log import configure_logging  # noqa: E402

from config import signs  # noqa: E402
from config.celery import app  # noqa: E402
from config.patience import Patience  # noqa: E402

LOOK: Final = 1.0  # seconds between two looks
PARTS: Final = 6  # of the limit: one between canaries, and one until who is asked to go is killed

log = structlog.get_logger(__name__)


class Watchdog:
    def __init__(self, folder: Path, processes: int, others: list[str]) -> None:
        self.folder, self.processes = folder, processes
        self.name = f"{os.getpid()}@{socket.gethostname()}"
        self.queue = f"canary.{self.name}"
        self.command = [
            *("celery", "--quiet", "-A", "config.worker", "worker", "--hostname", self.name),
            *("--queues", f"{app.conf.task_default_queue},{self.queue}"),
            *("--concurrency", str(processes), *others),
        ]
        self.part = settings.SILENT_AFTER / PARTS
        self.told: int | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, self._pass_on)

    def watch(self) -> int:
        """Until the worker ends by itself, or is told to; gives back how it ended."""
        status = None
        while status is None and self.told is None:
            status = self._watch_one()
        self._delete_queue()
        return status or 0

    def _watch_one(self) -> int | None:
        """None where it was stuck, and had to be ended."""
        self.worker = self._start()
        if self.told is not None:  # between the worker before and this one
            self.worker.send_signal(self.told)
        patience = Patience(settings.SILENT_AFTER, settings.CELERY_TASK_TIME_LIMIT, self.processes)
        reachable, sung = False, self.part
        while not self._ended_within(LOOK):
            sung += LOOK
            if sung >= self.part:
                reachable, sung = self._sing(), 0.0
            seen = signs.read(self.folder)
            over = patience.is_over(seen, reachable=reachable, awake=LOOK)
            if over and self.told is None:
                log.error("worker_stuck", pid=self.worker.pid, silent=round(patience.silent))
                self._end()
                return None
        self._kill()
        return self.worker.returncode

    def _start(self) -> subprocess.Popen[bytes]:
        """In a group of its own, which is killed whole; its input ends when we do."""
        environment = os.environ | {signs.FOLDER: str(self.folder)}
        return subprocess.Popen(  # noqa: S603  # our own command
            self.command, env=environment, stdin=subprocess.PIPE, process_group=0
        )

    def _sing(self) -> bool:
        """Whether the broker took it. Over a new line, so that the queue is made again if wiped."""
        try:
            with app.connection_for_write() as line:
                expires = settings.SILENT_AFTER
                app.send_task("events.sing", queue=self.queue, connection=line, expires=expires)
        except OperationalError:
            return False
        return True

    def _delete_queue(self) -> None:
        """Nobody else empties it: what is left in it would stay in the broker for ever."""
        with (
            app.connection_for_write() as line,
            suppress(OperationalError, *line.connection_errors),
        ):
            queue = app.amqp.queues[self.queue].bind(line.default_channel)
            queue.declare()  # a new line knows of no queue that it has not made
            queue.delete()

    def _end(self) -> None:
        assert self.worker is not None
        self.worker.terminate()
        self._ended_within(self.part)
        self._kill()
        self.worker.wait()

    def _kill(self) -> None:
        assert self.worker is not None
        with suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGKILL)

    def _ended_within(self, seconds: float) -> bool:
        assert self.worker is not None
        with suppress(subprocess.TimeoutExpired):
            self.worker.wait(seconds)
        return self.worker.returncode is not None

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        self.told = number
        if self.worker is not None:
            self.worker.send_signal(number)


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--concurrency", type=int, default=2, help="processes of the worker")
    options, others = given.parse_known_args()
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    with TemporaryDirectory(prefix="tasuki-worker-") as folder:
        return Watchdog(Path(folder), options.concurrency, others).watch()


if __name__ == "__main__":
    sys.exit(main())
