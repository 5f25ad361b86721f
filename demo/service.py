"""The service itself, started and stopped as its operators do: commands and the Procfile."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import requests

from demo.failing import Failed
from demo.telling import Teller

PROJECT: Final = Path(__file__).resolve().parent.parent
PASSED: Final = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")  # nothing of your settings
GRACE: Final = 15.0  # seconds for a process to end by itself
Process = subprocess.Popen[bytes]


@dataclass
class Service:
    """`logs` is a directory of one file for each process; `settings` are environment variables."""

    base: str
    logs: Path
    settings: Mapping[str, str]
    teller: Teller
    port: socket.socket  # held until the web server takes it over
    running: dict[str, Process] = field(default_factory=dict)

    def command(self, *arguments: str, what: str = "") -> str:
        """Run `manage.py` to its end and give back what it printed."""
        name = arguments[0]
        told = " ".join(f"'{each}'" if " " in each else each for each in arguments)
        self.teller.say(f"$ python manage.py {told}")
        with (self.logs / f"{name}.out").open("w+b") as out:
            process = self._spawn([sys.executable, "manage.py", *arguments], out.fileno(), name)
            with _ended(process):
                status = self.teller.wait(what or f"manage.py {name}", process.poll, most=300)
            out.seek(0)
            printed = out.read().decode()
        if status:
            last = self._last(f"{name}.out", f"{name}.log")
            raise Failed(f"The command {name} ended with {status}. Its last words:{last}")
        return printed

    def start(self) -> None:
        """Every process of the Procfile; returns when the web server is ready."""
        self.port.close()
        for line in (PROJECT / "Procfile").read_text("utf-8").splitlines():
            name, colon, command = line.partition(":")
            if colon and not name.startswith("#"):
                self.teller.say(f"$ {command.strip()}")
                self.running[name] = self._spawn(["/bin/sh", "-c", command.strip()], None, name)
        self.teller.wait("the web server", self._ready)

    def must_live(self) -> None:
        for name, process in self.running.items():
            status = process.poll()
            if status is not None:
                last = self._last(f"{name}.log")
                raise Failed(f"The process {name} ended with {status}. Its last words:{last}")

    def stop(self) -> None:
        """End what was started, politely first; nothing of it is left."""
        for process in self.running.values():
            _signal(process, signal.SIGTERM)
        with contextlib.suppress(Failed):
            self.teller.wait("the processes to end", lambda: self._all_ended() or None, most=GRACE)
        for process in self.running.values():
            _signal(process, signal.SIGKILL)  # the group: what a process left behind as well
            process.wait()

    def _last(self, *names: str) -> str:
        """The end of a process's own words."""
        told = [self.logs / name for name in names if (self.logs / name).stat().st_size]
        lines = [line for log in told for line in log.read_text("utf-8", "replace").splitlines()]
        return "\n".join(["", *lines[-12:]])

    def _ready(self) -> bool | None:
        self.must_live()
        with contextlib.suppress(requests.RequestException), requests.Session() as session:
            session.trust_env = False
            return session.get(f"{self.base}/readyz", timeout=5).ok or None
        return None

    def _all_ended(self) -> bool:
        return all(process.poll() is not None for process in self.running.values())

    def _spawn(self, command: Sequence[str], out: int | None, name: str) -> Process:
        """In a session of its own, so that Ctrl-C reaches only us, who then end it in order."""
        passed = {each: os.environ[each] for each in PASSED if each in os.environ}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        with (self.logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603  # commands of our own
                command,
                cwd=PROJECT,
                env={**passed, "PATH": path, "PYTHONUNBUFFERED": "1", **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=log if out is None else out,
                stderr=log,
                start_new_session=True,
            )


@contextmanager
def _ended(process: Process) -> Iterator[None]:
    """However this is left, the process does not live on."""
    try:
        yield
    finally:
        if process.poll() is None:
            _signal(process, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
