"""What the processes of a worker leave in a folder: that a task was taken, and who is at one.

By what has changed, never by the time of a clock, which may be set back.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Final

from celery.signals import task_postrun, task_prerun

FOLDER: Final = "WORKER_SIGNS"  # the variable that names the folder to a watched worker
STANDING: Final = ("T", "Z", "X")  # stopped, or only the remains of a process


@dataclass(frozen=True)
class Seen:
    """`taken` changes with each task that is begun; `busy` are the processes at one."""

    taken: int
    busy: frozenset[tuple[int, int]]


def read(folder: Path) -> Seen:
    """What a worker shows at this moment."""
    found = dict(_touched(folder))
    pids = {int(name): since for name, since in found.items() if name.isdecimal()}
    busy = frozenset((pid, since) for pid, since in pids.items() if _goes_on(pid))
    return Seen(found.get("taken", 0), busy)


def leave_if_watched() -> None:
    """Show from now on what is taken, and end at once when nobody watches any more."""
    if FOLDER in os.environ:
        task_prerun.connect(_begin)
        task_postrun.connect(_finish)
        Thread(target=_end_with_the_watchdog, daemon=True).start()


def _begin(**_told: object) -> None:
    folder = Path(os.environ[FOLDER])
    with suppress(OSError):
        (folder / str(os.getpid())).touch()
        (folder / "taken").touch()


def _finish(**_told: object) -> None:
    with suppress(OSError):
        (Path(os.environ[FOLDER]) / str(os.getpid())).unlink()


def _end_with_the_watchdog() -> None:
    """It holds the other end of our input: killed, it takes the whole worker with it."""
    with suppress(OSError):
        os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


def _touched(folder: Path) -> Iterator[tuple[str, int]]:
    """Names and moments. Any may be gone by now: a task has just ended."""
    for each in folder.iterdir():
        with suppress(FileNotFoundError):
            yield each.name, each.stat().st_mtime_ns


def _goes_on(pid: int) -> bool:
    """Whether it lives, and is neither stopped nor dead and not yet buried."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return False
    except OSError:  # a system without /proc
        return True
    return state not in STANDING
