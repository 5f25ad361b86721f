"""Files under random names in a storage of their own, outside of what the web server serves.

A name begins with its day, so that whoever looks for what was left behind looks at few of them.
"""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError

from suppliers.evidence.kinds import MOST_BYTES, Unacceptable

CHUNK: Final = 64 * 1024
FAILURES: Final = (OSError, BotoCoreError, ClientError)

_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


class StorageAway(Exception):
    """The storage is full or cannot be reached; nothing was kept. Trying again later may help."""


@dataclass(frozen=True)
class Content:
    """Bytes without a name on the disk: they are gone with the process, however it ends."""

    file: BinaryIO
    size: int
    digest: str


def storage() -> Storage:
    return storages["evidence"]


@contextmanager
def received(upload: "UploadedFile[Any]") -> Iterator[Content]:
    """What was sent, measured; refuses nothing at all and too much."""
    with tempfile.TemporaryFile() as file:
        for chunk in upload.chunks(CHUNK):
            _write(file, chunk)
            if file.tell() > MOST_BYTES:
                raise Unacceptable("too-large")
        if not file.tell():
            raise Unacceptable("empty")
        yield measured(file)


def measured(file: BinaryIO) -> Content:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]  # any binary file
    return Content(file, file.tell(), digest.hexdigest())


def put(content: Content, *, now: datetime) -> str:
    """The random name it is stored under. What could not be written whole is not there."""
    name = f"{now.astimezone(UTC):%Y-%m-%d}/{secrets.token_hex(20)}"
    content.file.seek(0)
    try:
        kept = storage().save(name, File(content.file))
        _sync(kept)
    except FAILURES as error:
        discard(name)
        raise StorageAway from error
    if (written := _written.get()) is not None:
        written.append(kept)
    return kept


@contextmanager
def undone_on_failure() -> Iterator[list[str]]:
    """For doors that open a transaction of their own: what was stored goes when it fails.

    Gives the names that were stored, for a door that answers a failure without raising.
    """
    names: list[str] = []
    token = _written.set(names)
    try:
        yield names
    except (InterfaceError, OperationalError):
        raise  # nobody knows whether it was committed: the sweep finds out later
    except BaseException:
        for name in names:
            discard(name)
        raise
    finally:
        _written.reset(token)


def discard(name: str) -> bool:
    """Whether it is gone. What could not be removed is removed by the sweep."""
    try:
        storage().delete(name)
    except FAILURES:
        return False
    return True


def fetch(name: str) -> "File[Any]":
    try:
        return storage().open(name)
    except FAILURES as error:
        raise StorageAway from error


def days() -> list[str]:
    """The days of which anything is stored, in order."""
    with suppress(FileNotFoundError):
        return sorted(storage().listdir("")[0])
    return []


def names(day: str) -> list[str]:
    return [f"{day}/{name}" for name in storage().listdir(day)[1]]


def stored_at(name: str) -> datetime:
    return storage().get_modified_time(name)


def _write(file: BinaryIO, chunk: bytes) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise StorageAway from error


def _sync(name: str) -> None:
    """A row that outlives a power cut must find its file. Object storage does this on its own."""
    with suppress(NotImplementedError):
        for place in (path := storage().path(name)), os.path.dirname(path):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
