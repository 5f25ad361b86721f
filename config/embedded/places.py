"""Where the servers of a state directory live, and who may own those places."""

import hashlib
import os
import pwd
import stat
import tempfile
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[2]
LONGEST_SOCKET_PATH: Final = 107  # bytes, Linux's sockaddr_un without its closing zero


class Unavailable(Exception):
    """The embedded servers cannot be had; the text says what to do."""


def directory() -> Path:
    """The state directory: locks, logs, secrets and, where possible, the data."""
    return Path(os.environ.get("EMBEDDED_DIR") or PROJECT / ".embedded").resolve()


def name() -> str:
    """A short name that is the same for the same state directory only."""
    return "tasuki-" + hashlib.sha256(os.fsencode(directory())).hexdigest()[:16]


def sockets() -> Path:
    """The directory of both sockets: short, and the same for every user whatever TMPDIR says."""
    writable = os.access("/tmp", os.W_OK | os.X_OK)  # noqa: S108  # private below, and checked
    place = Path("/tmp" if writable else tempfile.gettempdir()) / name()  # noqa: S108
    longest = len(os.fsencode(place / ".s.PGSQL.5432.lock"))
    if longest > LONGEST_SOCKET_PATH:
        raise Unavailable(
            f"The path {place} is {longest - LONGEST_SOCKET_PATH} bytes too long for sockets; "
            "set TMPDIR to a shorter directory."
        )
    return place


def data() -> Path:
    """The directory that holds PostgreSQL's data, of the servers' user.

    As root the servers run as `nobody`. Where `nobody` cannot reach the state directory, under a
    private home for example, the data is kept in /var/tmp instead, which outlives a restart of the
    machine; no foreign directory is opened up for it.
    """
    inside = directory() / "postgres"
    if os.geteuid() != 0 or reachable(directory()):
        return inside
    if inside.exists():
        raise Unavailable(
            f"The data in {inside} can no longer be reached by the user `nobody`, as whom the "
            "servers run; let others pass through the directories above it (mode o+x)."
        )
    lasting = Path("/var/tmp")  # noqa: S108  # private below, and checked
    return (lasting if os.access(lasting, os.W_OK) else Path(tempfile.gettempdir())) / name()


def reachable(place: Path) -> bool:
    """Whether any user may pass through every directory down to `place`, itself included."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in [place, *place.parents])


def servers_user() -> tuple[int, int] | None:
    """User and group of the servers, or None to stay who we are. PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return nobody.pw_uid, nobody.pw_gid


def make_state() -> Path:
    """Make the state directory, or check that it is ours. As root, others may pass through it."""
    state = directory()
    try:
        state.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The directory {state} cannot be made ({error.strerror}); set EMBEDDED_DIR to one "
            "that can, or give DATABASE_URL, REDIS_URL, SECRET_KEY and ENCRYPTION_KEYS."
        ) from error
    found = state.stat()
    if found.st_uid != os.geteuid() or found.st_mode & stat.S_IWOTH:
        raise Unavailable(
            f"The directory {state} belongs to {_named(found.st_uid)} or may be written by "
            "everybody; work as its owner or set EMBEDDED_DIR to a directory of your own."
        )
    for private in ("mail", "secrets"):  # letters are kept here where no mail server is given
        (state / private).mkdir(mode=0o700, exist_ok=True)
    return state


def make_private(place: Path) -> Path:
    """Make a directory of the servers' user with mode 0700, or check that it is just that."""
    user, group = servers_user() or (os.geteuid(), os.getegid())
    try:
        place.mkdir(mode=0o700)
    except FileExistsError:
        _take_over_unfinished(place, user, group)
        check_private(place)
    else:
        os.chown(place, user, group, follow_symlinks=False)
    return place


def check_private(place: Path) -> None:
    """Refuse a directory that somebody else made under our name."""
    user, _ = servers_user() or (os.geteuid(), os.getegid())
    found = place.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == user and not found.st_mode & 0o077:
        return
    raise Unavailable(
        f"{place} belongs to {_named(found.st_uid)} with mode {stat.S_IMODE(found.st_mode):o}, not "
        f"to {_named(user)} alone; remove it, or set EMBEDDED_DIR to another directory."
    )


def _take_over_unfinished(place: Path, user: int, group: int) -> None:
    """Between making and giving away, a kill leaves a private directory of root's."""
    found = place.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if ours and not found.st_mode & 0o077:
        os.chown(place, user, group, follow_symlinks=False)


def _named(user: int) -> str:
    try:
        return f"the user {pwd.getpwuid(user).pw_name}"
    except KeyError:
        return f"the user number {user}"
