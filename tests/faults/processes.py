"""Processes as in use: started by the lines of the Procfile, watched, killed without warning."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until something that must happen has happened
GRACE = 15.0  # seconds for a process to end by itself


def until(happened: Callable[[], object], what: str, *, within: float = PATIENCE) -> None:
    """Look until it has happened; fail with the words of what did not."""
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline, f"not within {within:.0f} seconds: {what}"
        time.sleep(0.02)


def line_of(name: str) -> list[str]:
    """How `make serve` starts this process."""
    lines = dict(
        line.split(": ", 1) for line in (PROJECT / "Procfile").read_text("utf-8").splitlines()
    )
    return ["/bin/sh", "-c", lines[name].replace("$SERVE_PORT", "$PORT")]


def children_of(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(each) for each in found.split()]


def family_of(pid: int) -> list[int]:
    """It and all below it."""
    return [pid, *(each for child in children_of(pid) for each in family_of(child))]


@dataclass
class Process:
    """One process with all that it starts."""

    command: list[str]
    env: dict[str, str]
    log: Path
    ready: Callable[[], object] = lambda: True
    popen: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    over: bool = False

    def start(self) -> Self:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        with self.log.open("ab") as output:
            self.popen = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env={**self.env, "PATH": path},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        until(self._is_ready, f"{self.command[-1]} is ready")
        return self

    def worker(self) -> int:
        """The one process of a worker that hands out the tasks; its watchdog stands above it."""
        [found] = children_of(self.pid)
        return found

    def children(self) -> list[int]:
        """The processes of a worker that do the tasks."""
        return children_of(self.worker())

    def signal(self, number: signal.Signals) -> None:
        """To all of the family at once, whatever groups it has."""
        for pid in family_of(self.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """Nobody of the family gets a chance to say anything, nor to finish."""
        self.signal(signal.SIGKILL)

    def end(self) -> None:
        """As a supervisor does: ask, and kill what does not go."""
        if self.popen is None or self.over:
            return
        self.popen.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(GRACE)
        self.kill()
        self.popen.wait()
        self.over = True  # from now on its number may be somebody else's

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def pid(self) -> int:
        assert self.popen is not None
        return self.popen.pid

    def _is_ready(self) -> object:
        assert self.popen is not None
        ended = self.popen.poll()
        assert ended is None, f"{self.command[-1]} ended at once; it said:\n{self.said()[-3000:]}"
        return self.ready()
