"""What commands that work as the owner of the database ask first."""

from typing import Final

from django.core.management.base import CommandError
from django.db import connections

OWNER: Final = "owner"


def require_owner() -> None:
    if OWNER not in connections:
        raise CommandError(
            "This needs the role that owns the database: "
            "set DATABASE_OWNER_URL beside DATABASE_URL."
        )
