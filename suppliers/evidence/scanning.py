"""Asks ClamAV about a file (clamd's INSTREAM). No answer, or an odd one, never means clean."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.files import File

CHUNK: Final = 64 * 1024
PATIENCE: Final = 20  # seconds for each step; clamd scans while it takes the file in
LONGEST_ANSWER: Final = 4096  # bytes
CLEAN: Final = b"stream: OK"
FOUND: Final = b" FOUND"

log = structlog.get_logger("suppliers.evidence")


@dataclass(frozen=True)
class Verdict:
    """Neither `clean` nor `infected` means that nobody knows."""

    clean: bool = False
    infected: bool = False
    signature: str = ""


UNKNOWN: Final = Verdict()


def is_configured() -> bool:
    return bool(settings.CLAMD_URL)


def scan(file: "BinaryIO | File[Any]") -> Verdict:
    if not is_configured():
        return UNKNOWN
    try:
        with _connected() as clamd:
            return _understood(_ask(clamd, file))
    except OSError as error:  # away, too slow, or the file is longer than its StreamMaxLength
        log.warning("no scan", error=type(error).__name__)
        return UNKNOWN


@contextmanager
def _connected() -> Iterator[socket.socket]:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as clamd:
            clamd.settimeout(PATIENCE)
            clamd.connect(address.path)
            yield clamd
    else:
        place = (address.hostname or "", address.port or 3310)
        with socket.create_connection(place, timeout=PATIENCE) as clamd:
            yield clamd


def _ask(clamd: socket.socket, file: "BinaryIO | File[Any]") -> bytes:
    file.seek(0)
    clamd.sendall(b"zINSTREAM\0")
    while chunk := file.read(CHUNK):
        clamd.sendall(struct.pack("!L", len(chunk)) + chunk)
    clamd.sendall(struct.pack("!L", 0))
    answer = b""
    while len(answer) < LONGEST_ANSWER and (part := clamd.recv(CHUNK)):
        answer += part
    return answer


def _understood(answer: bytes) -> Verdict:
    answer = answer.rstrip(b"\0\n")
    if answer == CLEAN:
        return Verdict(clean=True)
    if answer.endswith(FOUND):
        name = answer.removeprefix(b"stream: ").removesuffix(FOUND)
        return Verdict(infected=True, signature=name.decode("ascii", "replace")[:100])
    log.warning("no scan", error="odd answer")
    return UNKNOWN
