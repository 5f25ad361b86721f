"""The keeper owns both servers: it starts them, restarts one that dies, and stops both when the
last user is gone. It may be killed at any moment: the next one finds the servers and goes on."""

import fcntl
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final

from config.embedded import places, postgres, valkey, wheels
from config.embedded.locks import Lock
from config.embedded.places import Unavailable
from config.embedded.servers import Server

LOOK: Final = 0.2  # seconds between two looks at the servers and their users
LINGER: Final = 2.0  # seconds without users before the end: one command follows another
AGAIN: Final = 5.0  # seconds before a server that would not start is tried again


def keep() -> int:
    """Become the keeper of the state directory in a process of our own, unless there is one.

    Returns at once in the calling process, when the lock is the keeper's.
    """
    state = places.make_state()
    lock = Lock(state / "keeper.lock")
    if not _taken_from_lookers(lock):
        return 0
    lock.write("")  # what the keeper before said is no longer true
    if os.fork():
        os._exit(0)  # the child keeps the lock; nobody has to wait for it
    os.chdir("/")
    with suppress(OSError):
        os.ftruncate(sys.stderr.fileno(), 0)  # the log starts anew with every keeper
    return Keeper(state, lock).work()


def said(state: Path) -> list[str]:
    """What the keeper wrote in its lock: its pid, its version, and then `ready`."""
    return (state / "keeper.lock").read_text().split()


class Keeper:
    def __init__(self, state: Path, lock: Lock) -> None:
        self.lock = lock
        self.users = Lock(state / "users.lock")
        self.version = wheels.version()
        self.servers: list[Server] = []
        self.told_to_stop = False
        self.unused_since: float | None = None
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self._say()

    def work(self) -> int:
        try:
            self._bring_up()
            self._watch()
        except Unavailable as error:
            _log(str(error))
            return 1
        finally:
            self._take_down()
        return 0

    def ending(self) -> bool:
        """Told to stop, or the state directory was removed and nobody can meet us here."""
        return self.told_to_stop or not (self.lock.in_place() and self.users.in_place())

    def _bring_up(self) -> None:
        places.make_private(places.sockets())
        programs = wheels.runnable()
        for make in (postgres.server, valkey.server):
            self.servers.append(make(programs, self.ending))
        for place in (places.sockets(), places.data()):
            _spare_from_cleaners(place)
        for server in self.servers:
            started = server.ensure()
            server.wait_until_ready()
            _log(f"{server.name} {'started' if started else 'was found running'}.")
        if not self.ending():
            postgres.make_roles(programs)
            self._say("ready")

    def _say(self, word: str = "") -> None:
        self.lock.write(f"{os.getpid()} {self.version} {word}")  # read by `said`

    def _take_down(self) -> None:
        for server in self.servers:
            server.stop()
        if self.lock.in_place():  # otherwise the next keeper may already use the same place
            with suppress(Unavailable, FileNotFoundError):
                places.check_private(places.sockets())
                shutil.rmtree(places.sockets(), ignore_errors=True)
        _log("Stopped.")

    def _watch(self) -> None:
        while not self.ending() and not self._unused():
            for server in self.servers:
                self._revive(server)
            time.sleep(LOOK)

    def _revive(self, server: Server) -> None:
        try:
            if server.ensure():
                _log(f"{server.name} had died and was started again.")
        except Unavailable as error:
            _log(str(error))
            time.sleep(AGAIN)

    def _unused(self) -> bool:
        """Whether nobody held the users' lock for a while. If so we keep it: arrivals wait."""
        if not self.users.take():
            self.unused_since = None
            return False
        self.unused_since = self.unused_since or time.monotonic()
        if time.monotonic() - self.unused_since >= LINGER:
            return True
        self.users.give_back()
        return False

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.told_to_stop = True
        self._say()  # at once, so that nobody arriving trusts servers that are about to stop


def _taken_from_lookers(lock: Lock) -> bool:
    """Who looks whether there is a keeper shares the lock for a moment; a keeper never shares."""
    while not lock.take():
        if not lock.share():
            return False
        lock.give_back()
        time.sleep(0.005)
    return True


def _spare_from_cleaners(place: Path) -> None:
    """Cleaners of temporary areas leave a directory alone whose lock is held."""
    with suppress(OSError):
        fcntl.flock(os.open(place, os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)


def _log(text: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {text}\n")
    sys.stderr.flush()
