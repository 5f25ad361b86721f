"""Make the database what this version of the service needs; safe to run again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

from config import roles
from config.management.owning import OWNER, require_owner

ERASER: Final = "eraser"
URLS: Final = {DEFAULT_DB_ALIAS: "DATABASE_URL", ERASER: "DATABASE_ERASER_URL"}
LOCK: Final = 7_452_001  # our number among PostgreSQL's advisory locks


class Command(BaseCommand):
    help = "Migrate, make the roles, give them their rights and install the catalogues."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        self._refuse_one_role_for_two()
        with _alone():
            call_command("migrate", database=OWNER, interactive=False, verbosity=verbosity)
            self._make_role(DEFAULT_DB_ALIAS)
            if ERASER in connections:
                self._make_role(ERASER)
            self._give_rights()
            if "load_catalogues" in get_commands():
                call_command("load_catalogues", database=OWNER, stdout=self.stdout)
        self._refuse_dangers()

    def _refuse_one_role_for_two(self) -> None:
        require_owner()
        service, owner = _role(DEFAULT_DB_ALIAS), _role(OWNER)
        if not service or service == owner:
            raise CommandError(
                "DATABASE_URL must name a role of its own, not the one of DATABASE_OWNER_URL: "
                "the service may not own its tables."
            )
        if ERASER in connections and _role(ERASER) in ("", service, owner):
            raise CommandError(
                "DATABASE_ERASER_URL must name a role of its own: neither the service nor the "
                "owner may erase what is frozen."
            )

    def _make_role(self, alias: str) -> None:
        owner, role = connections[OWNER], _role(alias)
        password = str(connections[alias].settings_dict["PASSWORD"])
        if roles.exists(owner, role):
            return
        try:
            roles.create(owner, role, password)
        except DatabaseError as error:
            shown = roles.creation(role, "…" if password else "").as_string(None)
            reason, *_ = str(error).splitlines()
            raise CommandError(
                f"The role of {URLS[alias]} is missing and could not be made: {reason}. "
                f"Let an administrator run this, then try again: {shown};"
            ) from error
        self.stdout.write(f"The role {role} was created.")

    def _give_rights(self) -> None:
        with transaction.atomic(using=OWNER):
            roles.grant(connections[OWNER], _role(DEFAULT_DB_ALIAS))
            if ERASER in connections:
                roles.grant_erasing(connections[OWNER], _role(ERASER))
        if ERASER not in connections:
            self.stderr.write("Nothing will be erased: DATABASE_ERASER_URL is not set.")

    def _refuse_dangers(self) -> None:
        connections[DEFAULT_DB_ALIAS].close()
        if found := roles.dangers(connections[DEFAULT_DB_ALIAS]):
            raise CommandError("\n".join(found))


def _role(alias: str) -> str:
    return str(connections[alias].settings_dict["USER"])


@contextmanager
def _alone() -> Iterator[None]:
    """Two at once would migrate twice: the second waits, and finds everything done."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            if connections[OWNER].is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
