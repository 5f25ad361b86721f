"""Make the database what this version of the service needs; safe to run again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

from config import roles
from config.management.owning import OWNER, require_owner

LOCK: Final = 7_452_001  # our number among PostgreSQL's advisory locks


class Command(BaseCommand):
    help = "Migrate, make the service's role, give it its rights and install the catalogues."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        self._refuse_without_two_roles()
        with _alone():
            call_command("migrate", database=OWNER, interactive=False, verbosity=verbosity)
            self._make_role()
            with transaction.atomic(using=OWNER):
                roles.grant(connections[OWNER], self._role)
            if "load_catalogues" in get_commands():
                call_command("load_catalogues", database=OWNER, stdout=self.stdout)
        self._refuse_dangers()

    @property
    def _role(self) -> str:
        return str(connections[DEFAULT_DB_ALIAS].settings_dict["USER"])

    def _refuse_without_two_roles(self) -> None:
        require_owner()
        if not self._role or self._role == connections[OWNER].settings_dict["USER"]:
            raise CommandError(
                "DATABASE_URL must name a role of its own, not the one of DATABASE_OWNER_URL: "
                "the service may not own its tables."
            )

    def _make_role(self) -> None:
        owner = connections[OWNER]
        password = str(connections[DEFAULT_DB_ALIAS].settings_dict["PASSWORD"])
        if roles.exists(owner, self._role):
            return
        try:
            roles.create(owner, self._role, password)
        except DatabaseError as error:
            shown = roles.creation(self._role, "…" if password else "").as_string(None)
            reason, *_ = str(error).splitlines()
            raise CommandError(
                f"The role of DATABASE_URL is missing and could not be made: {reason}. "
                f"Let an administrator run this, then try again: {shown};"
            ) from error
        self.stdout.write(f"The role {self._role} was created.")

    def _refuse_dangers(self) -> None:
        connections[DEFAULT_DB_ALIAS].close()
        if found := roles.dangers(connections[DEFAULT_DB_ALIAS]):
            raise CommandError("\n".join(found))


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
