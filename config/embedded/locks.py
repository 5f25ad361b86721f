"""A lock that ends with its holder, however that ends: flock on a file that is never removed."""

import fcntl
import os
from pathlib import Path


class Lock:
    """Held by the processes that share this object's file: this one and those it forks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._file = os.open(path, flags, 0o600)

    def share(self) -> bool:
        return self._try(fcntl.LOCK_SH)

    def take(self) -> bool:
        return self._try(fcntl.LOCK_EX)

    def give_back(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)

    def in_place(self) -> bool:
        """Whether the path still names this file, so that others meet us here."""
        try:
            return os.path.samestat(os.fstat(self._file), self.path.lstat())
        except FileNotFoundError:
            return False

    def write(self, text: str) -> None:
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def _try(self, how: int) -> bool:
        try:
            fcntl.flock(self._file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def taken(path: Path) -> bool:
    """Whether somebody holds the lock alone. Takers try for a while: this look disturbs them."""
    lock = Lock(path)
    try:
        return not lock.share()
    finally:
        lock.close()
