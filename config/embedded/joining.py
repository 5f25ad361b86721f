"""A process joins the users of the servers, and stays one for as long as it lives."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from config.embedded import keeper, places, postgres, servers, valkey, wheels
from config.embedded.locks import Lock, taken
from config.embedded.places import Unavailable

SILENCE: Final = 2.0  # seconds that a person waits without being told why
KEEPERS: Final = 3  # keepers that may fail before we give up
PASSED: Final = (  # beginnings of what Python needs to start; no secret of ours outlives us there
    "PATH", "TMPDIR", "LANG", "LC_", "LD_", "DYLD_", "PYTHONHOME", "PYTHONPATH", "COVERAGE_",
)  # fmt: skip

_held: dict[Path, Lock] = {}


def start_unless_given() -> None:
    """Start or join the embedded servers unless the environment has the addresses of others.

    Returns when both answer. Ends the process with a sentence when they cannot be had.
    """
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    if os.environ.get("DATABASE_OWNER_URL") and not os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_OWNER_URL is given without DATABASE_URL; give both or neither.")
    try:
        join()
    except Unavailable as error:
        sys.exit(str(error))


def join() -> None:
    """Hold the users' lock, see that there is a keeper, and wait until both servers answer."""
    state = places.make_state()
    if state in _held:
        return
    wait = _Wait(f"Starting PostgreSQL and Valkey in {state} …")
    users = _shared(state, wait)
    keepers = 0
    while not (kept := taken(state / "keeper.lock")) or not _ready(state):
        if not kept:
            if keepers == KEEPERS:
                log = servers.tail(state / "keeper.log")
                raise Unavailable(f"The embedded servers did not start.\n{log}")
            keepers += 1
            _spawn_keeper(state)
        wait.a_moment()
    _held[state] = users
    _tell_of_another_version(state)


def stop() -> None:
    """End the servers of this state directory, whoever still uses them; returns when they are."""
    state = places.directory()
    if not state.exists():
        return
    if state in _held:
        _held.pop(state).close()
    wait = _Wait(f"Stopping PostgreSQL and Valkey in {state} …")
    if not taken(state / "keeper.lock") and any(_answering()):
        _spawn_keeper(state)  # their keeper was killed: a new one finds and stops them
    while taken(state / "keeper.lock"):
        pid = int((keeper.said(state) or ["0"])[0])
        if "config.embedded" in servers.command_line(pid):
            os.kill(pid, signal.SIGTERM)
        wait.a_moment()


class _Wait:
    """Short looks, one word to the person after a while, and an end."""

    def __init__(self, text: str) -> None:
        self.text: str | None = text
        self.began = time.monotonic()

    def a_moment(self) -> None:
        time.sleep(0.02)
        waited = time.monotonic() - self.began
        if self.text and waited > SILENCE:
            sys.stderr.write(f"{self.text}\n")
            self.text = None
        if waited > servers.PATIENCE:
            log = servers.tail(places.directory() / "keeper.log")
            raise Unavailable(f"The embedded servers do not answer.\n{log}")


def _shared(state: Path, wait: _Wait) -> Lock:
    """The users' lock, shared. While a keeper stops its servers nobody gets it."""
    while True:
        users = Lock(state / "users.lock")
        if users.share() and users.in_place():
            return users
        users.close()
        wait.a_moment()


def _ready(state: Path) -> bool:
    """Whether the keeper says so and both servers do: a server may die after it was said."""
    return keeper.said(state)[2:] == ["ready"] and all(_answering())


def _answering() -> Iterator[bool]:
    """Never talk to a server that somebody else put in the place of ours."""
    if not places.sockets().exists():
        yield False
    else:
        places.check_private(places.sockets())
        yield postgres.complete()
        yield valkey.answers()


def _spawn_keeper(state: Path) -> None:
    """Returns when the keeper has its lock, or somebody else was first."""
    _tell_where_data_are_made(state)
    environment = {key: value for key, value in os.environ.items() if key.startswith(PASSED)}
    with servers.private_log(state / "keeper.log") as log:
        subprocess.run(
            [sys.executable, "-m", "config.embedded"],
            cwd=places.PROJECT,
            env=environment | {"EMBEDDED_DIR": str(state)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            check=False,
        )


def _tell_of_another_version(state: Path) -> None:
    """Who joins late cannot renew what others use."""
    if keeper.said(state)[1:2] not in ([], [wheels.version()]):
        sys.stderr.write(
            "The embedded servers were started by another version of this service; "
            "they are renewed once every process that uses them has ended.\n"
        )


def _tell_where_data_are_made(state: Path) -> None:
    data = places.data()
    if not data.is_relative_to(state) and not data.exists():
        sys.stderr.write(
            f"The data are kept in {data}, because {state} cannot be reached by the user "
            "`nobody`, as whom the servers run; set EMBEDDED_DIR to keep them elsewhere.\n"
        )
