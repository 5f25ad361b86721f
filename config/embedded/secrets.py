"""Random secrets of a development machine, made once."""

import fcntl
import os
import secrets
from typing import Final

from config.embedded import places

SHORTEST: Final = 50  # characters, what Django's deploy check asks of SECRET_KEY


def secret(name: str) -> str:
    """The secret of that name, 64 characters; the first of several processes makes it."""
    path = places.make_state() / "secrets" / name
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    with open(os.open(path, flags, 0o600), "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # a reader waits until the maker has written
        found = file.read()
        if len(found) < SHORTEST:
            found = secrets.token_urlsafe(48)
            file.seek(0)
            file.write(found)
            file.truncate()
        return found
