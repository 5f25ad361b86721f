"""Web server and worker as in use, and the most memory that each of them ever had."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Final

import requests

from benchmarks.databases import Database
from config import embedded

PROJECT: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 60.0  # seconds until a process is ready
GRACE: Final = 15.0  # seconds until it has ended by itself


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[bytes]
    url: str = ""

    def must(self, well: bool, otherwise: str) -> None:
        if not well:
            logs = "\n".join(_tail(log) for log in embedded.directory().glob("*.log"))
            raise RuntimeError(f"{otherwise} The last words of the logs:\n{logs}")

    def peak(self) -> list[float]:
        """Of the process and of each of its children; empty where the system does not tell."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return [peak for pid in pids if (peak := _peak(pid)) is not None]


@contextmanager
def web(database: Database) -> Iterator[Running]:
    """The service's gunicorn, which also has the bare view; one process, so that all is warm."""
    port = _free_port()
    settings = {"PORT": str(port), "WEB_WORKERS": "1"}
    command = ["gunicorn", "-c", "python:config.gunicorn", "benchmarks.wsgi"]
    with _started(command, database, settings) as process:
        running = Running(process, f"http://127.0.0.1:{port}")
        wait(running, lambda: _answers(f"{running.url}/readyz"), within=PATIENCE)
        yield running


@contextmanager
def worker(database: Database, letters: str = "dummy:") -> Iterator[Running]:
    """The service's worker; unless told otherwise, its letters go nowhere."""
    command = ["celery", "--quiet", "-A", "config.worker", "worker", "--concurrency", "1"]
    with _started(command, database, {"EMAIL_URL": letters}) as process:
        yield Running(process)


@contextmanager
def mail_server(database: Database) -> Iterator[int]:
    """It takes every letter and keeps none; gives its port."""
    port = _free_port()
    command = ["aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    with _started(command, database, {}) as process:
        wait(Running(process), lambda: _listens(port), within=PATIENCE)
        yield port


@contextmanager
def _started(
    command: list[str], database: Database, settings: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    addresses = {
        "DATABASE_URL": database.url,
        "DATABASE_OWNER_URL": database.owner_url,
        "REDIS_URL": embedded.redis_url(),
    }
    process = subprocess.Popen(  # noqa: S603  # our own commands
        [sys.executable, "-m", *command],
        cwd=PROJECT,
        env={**environ, **addresses, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(embedded.directory() / f"{command[0]}.log").open("ab"),
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        process.kill()
        process.wait()


def wait(running: Running, happened: Callable[[], bool], *, within: float) -> None:
    """Look until it has happened; seconds are those it may take."""
    deadline = time.monotonic() + within
    while not happened():
        running.must(running.process.poll() is None, "A process of the service ended by itself.")
        running.must(time.monotonic() < deadline, f"Nothing came of it in {within:.0f} seconds.")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(url, timeout=5).ok
    return False


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in _proc(pid, f"task/{pid}/children").split()]
    except OSError:
        return []


def _peak(pid: int) -> float | None:
    """Linux's high-water mark of the resident set, in MiB."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", _proc(pid, "status"))
    except OSError:
        return None
    return int(found[1]) / 1024 if found else None


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text("ascii")


def _tail(log: Path) -> str:
    return log.read_text("utf-8", "replace")[-2000:]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
