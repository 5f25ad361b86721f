"""A server of ours: started, found again after its keeper died, answering, stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from config.embedded import places
from config.embedded.places import Unavailable

PATIENCE: Final = 300.0  # seconds to become ready: recovery after a crash may read much
TRIES: Final = 5  # a server killed a moment ago may still hold its memory
CLEAN_STOP: Final = 60.0  # seconds before a stop that loses nothing becomes one that is abrupt


@dataclass
class Server:
    name: str
    command: list[str]
    pid_file: Path
    marker: str  # words in the command line of no other process
    answers: Callable[[], bool]
    stopping: tuple[signal.Signals, signal.Signals]  # clean, abrupt
    stopped: Callable[[], bool]  # whether the keeper was told to end while we wait
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def running(self) -> bool:
        return self._pid() is not None

    def ensure(self) -> bool:
        """Start it unless it runs; returns whether it had to be started."""
        if self.running():
            return False
        for attempt in range(TRIES):
            if self.stopped():
                return False
            self.pid_file.unlink(missing_ok=True)  # whoever is named there is no server of ours
            self.process = spawn(self.command, self.log)
            if self._ready():
                return True
            time.sleep(0.2 * 2**attempt)
        raise Unavailable(f"{self.name} does not start:\n{tail(self.log)}")

    def wait_until_ready(self) -> None:
        """For a server that was found running."""
        if not self._ready() and not self.stopped():
            raise Unavailable(f"{self.name} runs and does not answer:\n{tail(self.log)}")

    def stop(self) -> None:
        clean, abrupt = self.stopping
        if self._ended_by(clean, CLEAN_STOP) or self._ended_by(abrupt, 5.0):
            return
        self._ended_by(signal.SIGKILL, 5.0)

    @property
    def log(self) -> Path:
        return places.directory() / f"{self.name.lower()}.log"

    def _ready(self) -> bool:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.running() and not self.stopped():
            if self.answers():
                return True
            time.sleep(0.02)
        return False

    def _ended_by(self, how: signal.Signals, seconds: float) -> bool:
        pid = self._pid()
        if pid is None:
            return True
        os.kill(pid, how)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.running():
                return True
            time.sleep(0.02)
        return False

    def _pid(self) -> int | None:
        """Of our child, or of the server that another keeper left behind."""
        if self.process is not None:
            return self.process.pid if self.process.poll() is None else None
        try:
            pid = int(self.pid_file.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if self.marker in command_line(pid) else None


def spawn(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start as the servers' user, apart from our session: who ends the keeper's leaves these."""
    with private_log(log) as output:
        return subprocess.Popen(  # noqa: S603  # our own command
            command, stdout=output, stderr=output, start_new_session=True, **_as_servers_user()
        )


def run(command: list[str], *, given: str = "") -> None:
    """Run a program of the servers' to its end, as their user; what goes wrong is in the text."""
    done = subprocess.run(  # noqa: S603  # our own command
        command, input=given.encode(), capture_output=True, check=False, **_as_servers_user()
    )
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace").strip()
        raise Unavailable(f"{Path(command[0]).name} failed:\n{said}")


def command_line(pid: int) -> str:
    """What a process was started with; empty when there is none, or only its remains."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, UnicodeDecodeError):
            return ""
    asked = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603


def private_log(log: Path) -> IO[bytes]:
    """Open a log to append to; what it holds may be personal."""
    return open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "(no log)"


def _as_servers_user() -> dict[str, Any]:
    """Arguments of `subprocess`: who, where, with what environment and mode of new files."""
    arguments: dict[str, Any] = {
        "cwd": "/",
        "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        "umask": 0o077,
    }
    user = places.servers_user()
    if user is not None:
        arguments |= {"user": user[0], "group": user[1], "extra_groups": []}
    return arguments
