"""A process of its own that opens what others sent, within bounds that the kernel keeps.

Started by `isolating`. It knows no Django, no settings and no secrets: whatever a parser does to it
costs 300 MB and 5 seconds of a processor at most. It reads the file from descriptor 0, writes a
redrawn picture, or the rows of a table, to the given descriptor, and says on standard output what
it found, as JSON.
"""

import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from suppliers.evidence.kinds import MOST_BYTES, Unacceptable

Task = Callable[[BinaryIO, str, BinaryIO], list[str]]

MEMORY: Final = 300 * 1024 * 1024  # bytes of address space
PROCESSOR: Final = 5  # seconds
INSPECTORS: Final = {  # loaded when needed: the bounds count what is loaded, too
    "pdf": "pdfs", "xlsx": "office", "docx": "office", "csv": "texts", "txt": "texts",
}  # fmt: skip
DAMAGED: Final = {
    "pdf": "pdf-damaged", "png": "image-damaged", "jpeg": "image-damaged",
    "xlsx": "zip-damaged", "docx": "zip-damaged", "csv": "no-text", "txt": "no-text",
}  # fmt: skip


def main() -> None:
    task, kind, written = sys.argv[-3], sys.argv[-2], int(sys.argv[-1])
    _bound()
    with os.fdopen(0, "rb", closefd=False) as file, os.fdopen(written, "wb") as to:
        told = _told(file, kind, to, TASKS[task])
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # nothing that a parser left behind runs any more


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write that is too long is an error instead


def _told(file: BinaryIO, kind: str, to: BinaryIO, task: Task) -> dict[str, Any]:
    try:
        found = task(file, kind, to)
        to.flush()  # here, where a file that grew too long is refused like any other
        return {"warnings": found}
    except Unacceptable as refusal:
        return {"refused": refusal.code, "values": refusal.values}
    except (MemoryError, RecursionError):
        return {"refused": "too-heavy", "values": {}}
    except Exception:  # noqa: BLE001  # parsers fail in any way on what was made to fail them
        return {"refused": DAMAGED[kind], "values": {}}


def _inspect(file: BinaryIO, kind: str, to: BinaryIO) -> list[str]:
    sniffing = importlib.import_module("suppliers.evidence.sniffing")
    sniffing.agree(file, kind)
    if kind in {"png", "jpeg"}:
        redrawing = importlib.import_module("suppliers.evidence.redrawing")
        found: list[str] = redrawing.redraw(file, kind, to)
    else:
        inspector = importlib.import_module(f"suppliers.evidence.{INSPECTORS[kind]}")
        found = inspector.inspect(file, kind)
    return found


def _tabulate(file: BinaryIO, kind: str, to: BinaryIO) -> list[str]:
    sniffing = importlib.import_module("suppliers.evidence.sniffing")
    sniffing.agree(file, kind)
    importlib.import_module("suppliers.evidence.tables").tabulate(file, kind, to)
    return []


TASKS: Final[dict[str, Task]] = {"inspect": _inspect, "tabulate": _tabulate}
