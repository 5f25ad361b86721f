"""PostgreSQL: its data, its settings for a small machine, its roles, and whether it answers."""

import os
import shutil
import signal
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

from config.embedded import addresses, places, servers
from config.embedded.places import Unavailable
from config.embedded.servers import Server
from config.embedded.wheels import Programs

SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "max_parallel_workers_per_gather": "0",  # two cores are better used by two connections
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
ROLES: Final = f"""
SELECT format('CREATE ROLE %I LOGIN CREATEDB CREATEROLE', '{addresses.OWNER}')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{addresses.OWNER}') \\gexec
SELECT format('CREATE ROLE %I LOGIN', '{addresses.SERVICE}')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{addresses.SERVICE}') \\gexec
SELECT format('CREATE ROLE %I LOGIN', '{addresses.ERASER}')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{addresses.ERASER}') \\gexec
SELECT format('CREATE DATABASE %I OWNER %I', '{addresses.DATABASE}', '{addresses.OWNER}')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{addresses.DATABASE}') \\gexec
"""  # noqa: S608  # our own constants; psql runs what each line returns
PROTOCOL: Final = 3 << 16  # version 3.0 of PostgreSQL's wire protocol


def server(programs: Programs, stopped: Callable[[], bool]) -> Server:
    """The server of this state directory, its data made if there are none."""
    data = places.make_private(places.data()) / "data"
    tools = _programs_for(data, programs)
    if not data.exists():
        _make(data, tools)
    settings = [part for item in SETTINGS.items() for part in ("-c", "=".join(item))]
    return Server(
        name="PostgreSQL",
        command=[
            str(tools / "postgres"), "-D", str(data), "-k", str(places.sockets()), *settings,
        ],
        pid_file=data / "postmaster.pid",
        marker=f"-D {data} -k",
        answers=lambda: answers(addresses.SUPERUSER, "postgres"),
        stopping=(signal.SIGINT, signal.SIGQUIT),
        stopped=stopped,
    )  # fmt: skip


def make_roles(programs: Programs) -> None:
    """Roles, then the database: who can connect to it finds all of them."""
    connect = ["-h", str(places.sockets()), "-U", addresses.SUPERUSER, "-d", "postgres"]
    psql = programs.postgres[max(programs.postgres)] / "psql"
    servers.run([str(psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", *connect], given=ROLES)


def complete() -> bool:
    """Whether the service can work: the server answers and its database is there."""
    return answers(addresses.SERVICE, addresses.DATABASE)


def answers(role: str, database: str) -> bool:
    """Whether a session can be opened; asked in PostgreSQL's own words, without a library."""
    words = b"".join(each.encode() + b"\0" for each in ("user", role, "database", database)) + b"\0"
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(addresses.postgres_socket()))
            line.sendall(struct.pack("!ii", 8 + len(words), PROTOCOL) + words)
            return _ready_for_query(line)
        except OSError:
            return False


def _ready_for_query(line: socket.socket) -> bool:
    """Read messages (a letter, a length that counts itself, a body) up to ready or an error."""
    with line.makefile("rb") as messages:
        while header := messages.read(5):
            kind, length = struct.unpack("!ci", header)
            messages.read(length - 4)
            if kind in (b"Z", b"E"):
                line.sendall(b"X\0\0\0\4")  # goodbye
                return bool(kind == b"Z")
    return False


def _programs_for(data: Path, programs: Programs) -> Path:
    if not data.exists():
        return programs.postgres[max(programs.postgres)]
    places.check_private(data)  # a tree copied as root has files that the servers cannot read
    version = int((data / "PG_VERSION").read_text())
    if version not in programs.postgres:
        raise Unavailable(
            f"The data in {data} are of PostgreSQL {version}, which is not installed any more. "
            "Make a backup with the earlier version of this service and restore it with this one."
        )
    return programs.postgres[version]


def _make(data: Path, tools: Path) -> None:
    """Make the data beside and rename them, so that a kill leaves no half of them."""
    beside = data.with_name("data.new")
    if beside.exists():
        shutil.rmtree(beside)
    language = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    who = ["--auth=trust", f"--username={addresses.SUPERUSER}"]  # trust within mode 0700
    form = ["--builtin-locale=C.UTF-8", "--no-instructions"]
    servers.run([str(tools / "initdb"), "-D", str(beside), *language, *form, *who])
    os.rename(beside, data)
