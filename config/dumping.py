"""The whole database into a file and back, with PostgreSQL's own programs as the owner.

What comes back is frozen in the same transaction: a copy must mail and deliver nothing until
somebody says that it is the one in use.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.db import connections

from config import embedded
from events.models import Freeze

FREEZE: Final = (
    f"INSERT INTO public.{Freeze._meta.db_table} (frozen_at, reason) "  # noqa: S608  # no one's input
    "VALUES (now(), 'restored from a backup');\n"
)
EMPTY: Final = "DROP OWNED BY CURRENT_USER;\n"
HEADER: Final = 40  # lines, before which no data stand in a dump's text


class NotRestored(Exception):
    """The database is as it was; the text says why and what to do."""


def dump(path: Path) -> None:
    """Write a dump that only its owner may read; a kill leaves no half of it under that name."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    command = [_program("pg_dump"), "--format=custom", f"--file={part}"]
    subprocess.run(command, env=environment(), umask=0o077, check=True)  # noqa: S603
    part.rename(path)


def restore(path: Path, *, replace: bool) -> None:
    """Read a dump into an empty database, or `replace` what is there, all or nothing."""
    _refuse_while_used()
    if not replace:
        _refuse_unless_empty()
    connections["owner"].close()
    command = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as reading:  # noqa: S603
        assert reading.stdout is not None
        _run_as_one(_script(reading, replace=replace))


def _script(reading: "subprocess.Popen[bytes]", *, replace: bool) -> Iterator[bytes]:
    """The dump's statements between ours. Only a dump that was read to its end is committed."""
    yield b"BEGIN;\n"
    if replace:
        yield EMPTY.encode()
    assert reading.stdout is not None
    for number, line in enumerate(reading.stdout):
        # Older servers do not know this setting; newer ones start with it.
        if number > HEADER or not line.startswith(b"SET transaction_timeout"):
            yield line
    if reading.wait():
        raise NotRestored("The file is no whole dump of this service; choose another one.")
    yield FREEZE.encode()
    yield b"COMMIT;\n"


def _run_as_one(script: Iterator[bytes]) -> None:
    command = [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment(), **pipes) as writing:  # noqa: S603
        assert writing.stdin is not None
        # A broken pipe: it has stopped at an error and said so. Without COMMIT nothing happened.
        with suppress(BrokenPipeError), writing.stdin as psql:
            psql.writelines(script)
    if writing.returncode:
        raise NotRestored("The dump does not fit; the database is as it was.")


def _refuse_while_used() -> None:
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
    )
    if _one(others):
        raise NotRestored("The database is in use; stop web, worker and clock, then try again.")


def _refuse_unless_empty() -> None:
    tables = (
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p', 'v', 'm', 'S')"
    )
    if _one(tables):
        raise NotRestored(
            "The database is not empty. Restore into an empty one, or give FORCE=1 "
            "to remove everything in it first."
        )


def _one(query: str) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(query)
        [(count,)] = cursor.fetchall()
        return int(count)


def _program(name: str) -> str:
    """The wheel's, which reads every server we know; where there is no wheel, the machine's."""
    try:
        return str(embedded.tool(name))
    except embedded.Unavailable:
        found = shutil.which(name)
        if found is None:
            raise NotRestored(f"The program {name} of PostgreSQL is missing; install it.") from None
        return found


def environment() -> dict[str, str]:
    """The owner's address for PostgreSQL's programs; no password stands on a command line."""
    place = connections["owner"].settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {name: str(place[key]) for name, key in names.items() if place[key]}
    options = place.get("OPTIONS", {})
    secure = {f"PG{key.upper()}": str(options[key]) for key in options if key.startswith("ssl")}
    return {**os.environ, **given, **secure, "PGDATABASE": str(place["NAME"])}
