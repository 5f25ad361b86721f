"""The servers' addresses: pure functions of the state directory's path, started or not."""

from pathlib import Path
from typing import Final
from urllib.parse import quote

from config.embedded import places

DATABASE: Final = "tasuki"
SERVICE: Final = "tasuki"  # the role of the service: owns nothing, may do little
OWNER: Final = "tasuki_owner"  # the role of migrations: owns the database, no superuser
ERASER: Final = "tasuki_eraser"  # the role that erases what is kept no longer
SUPERUSER: Final = "postgres"


def postgres_socket() -> Path:
    return places.sockets() / ".s.PGSQL.5432"


def valkey_socket() -> Path:
    return places.sockets() / "valkey.sock"


def database_url() -> str:
    """The database as the service's role; the host is the directory of the socket, encoded."""
    return _url(SERVICE)


def owner_url() -> str:
    """The database as the role that migrates."""
    return _url(OWNER)


def eraser_url() -> str:
    """The database as the role that erases."""
    return _url(ERASER)


def redis_url() -> str:
    """Valkey in the form that Celery understands."""
    return f"redis+socket://{valkey_socket()}"


def redis_client_url() -> str:
    """Valkey in the form that redis-py understands."""
    return f"unix://{valkey_socket()}"


def _url(role: str) -> str:
    return f"postgres://{role}@{quote(str(places.sockets()), safe='')}/{DATABASE}"
