"""Lets a file be inspected in a process of its own, and believes nothing but a clear answer."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO, Final

import structlog

from suppliers.evidence.kinds import Unacceptable

LONGEST: Final = 30  # seconds by the clock: the five of the processor, on a machine that is busy
AT_ONCE: Final = BoundedSemaphore(2)  # of one process of ours: 600 MB at most
PROJECT: Final = Path(__file__).resolve().parents[2]
BEGIN: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from suppliers.evidence.inspecting import main; main()"
)
ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}  # none of our secrets

log = structlog.get_logger("suppliers.evidence")


@dataclass(frozen=True)
class Inspected:
    """`drawn` is the picture written anew; None where the file stays as it is."""

    warnings: list[str]
    drawn: BinaryIO | None


@contextmanager
def inspected(file: BinaryIO, kind: str) -> Iterator[Inspected]:
    """What is known of the file; refuses it, or what costs too much to know."""
    with tempfile.TemporaryFile() as drawn:
        warnings = _ask("inspect", file, kind, drawn)
        drawn.seek(0)
        yield Inspected(warnings, drawn if kind in {"png", "jpeg"} else None)


def rows(file: BinaryIO, kind: str) -> list[tuple[int, list[str]]]:
    """The numbers and cells of all rows that are not blank, of a CSV or the first shown sheet.

    At most 10,000 and a few for titles; refuses as `inspected` does.
    """
    with tempfile.TemporaryFile() as written:
        _ask("tabulate", file, kind, written)
        written.seek(0)
        return [(number, cells) for number, cells in map(json.loads, written)]


def _ask(task: str, file: BinaryIO, kind: str, to: BinaryIO) -> list[str]:
    file.seek(0)
    with AT_ONCE:
        ended = _run(task, file, kind, to)
    if ended is None or ended.returncode != 0:
        log.warning("inspection ended", kind=kind, by=ended.returncode if ended else "clock")
        raise Unacceptable("too-heavy")
    told = json.loads(ended.stdout)
    if code := told.get("refused"):
        raise Unacceptable(code, **told["values"])
    warnings: list[str] = told["warnings"]
    return warnings


def _run(
    task: str, file: BinaryIO, kind: str, to: BinaryIO
) -> subprocess.CompletedProcess[bytes] | None:
    writing = to.fileno()
    try:
        return subprocess.run(  # noqa: S603  # our own program, told a kind of ours and a number
            [sys.executable, "-I", "-c", BEGIN, str(PROJECT), task, kind, str(writing)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(writing,),
            env=ENVIRONMENT,
            cwd="/",
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
