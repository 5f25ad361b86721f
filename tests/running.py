"""One run of the tests: its servers, its template database, and the copies made of it."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config import embedded
from config.embedded import joining
from config.embedded.locks import Lock
from tests.migrated import Migrated

JOINED = "JOIN_TEST_RUN"  # names a run whose servers and template serve this process as well
OURS_TO_TUNE = (  # a run's own cluster is thrown away, so nothing in it has to outlive a crash
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET autovacuum = off",  # not while the migrations run either
    "SELECT pg_reload_conf()",
)
# Plans are those of tables as the migrations left them, on servers that were given as well.
NEVER_COUNTED = """
DO $$ DECLARE tabled regclass; BEGIN
    FOR tabled IN SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', tabled); END LOOP;
END $$
"""


@dataclass(frozen=True)
class Run:
    """One call of pytest. Its processes share the servers and the template."""

    token: str
    migrated: Migrated | None = None

    @property
    def folder(self) -> Path:
        return Path(tempfile.gettempdir()) / f"tasuki-tests-{self.token}"

    @property
    def template(self) -> str:
        return f"tasuki_test_{self.token}"

    @property
    def has_own_database(self) -> bool:
        return not os.environ.get("DATABASE_OWNER_URL")

    @cached_property
    def owner_url(self) -> str:
        return os.environ.get("DATABASE_OWNER_URL") or embedded.owner_url()

    @cached_property
    def service_url(self) -> str:
        """As given; otherwise a role that is made for this run and removed after it."""
        if given := os.environ.get("DATABASE_URL"):
            return given
        if self.has_own_database:
            return embedded.database_url()
        return self._as(self.template)

    @cached_property
    def eraser_url(self) -> str:
        """As the service's: given, embedded, or a role of this run alone."""
        if given := os.environ.get("DATABASE_ERASER_URL"):
            return given
        if self.has_own_database:
            return embedded.eraser_url()
        return self._as(self.eraser)

    @property
    def eraser(self) -> str:
        return f"{self.template}_eraser"

    def _as(self, role: str) -> str:
        owner = urlsplit(self.owner_url)
        _, _, place = owner.netloc.rpartition("@")
        return urlunsplit(owner._replace(netloc=f"{role}:{self.token}@{place}"))

    def start(self) -> None:
        """Start the run's servers, or join them, and let one process make the template."""
        if self.has_own_database or not os.environ.get("REDIS_URL"):
            joining.join()
        lock, made = Lock(self.folder / "template.lock"), self.folder / "template"
        while not lock.take():
            time.sleep(0.05)
        if not made.exists():
            self._make_template()
            made.touch()
        lock.close()

    def administrate(self, statement: str, *names: str) -> None:
        """Run a statement about databases or roles as the owner."""
        with self._administration() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def work_in(self, database: str) -> None:
        """Let all aliases of this process mean that database."""
        connections.close_all()
        urls = {"default": self.service_url, "owner": self.owner_url, "eraser": self.eraser_url}
        for alias, url in urls.items():
            place = dj_database_url.parse(url) | {"NAME": database}
            connections[alias].settings_dict.update(place)

    def remove(self) -> None:
        """Leave nothing: neither servers of our own nor databases and a role on a given one."""
        if not self.has_own_database and self.folder.exists():
            self._drop_everything()
        joining.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_template(self) -> None:
        if self.has_own_database:
            superuser = embedded.owner_url().replace("tasuki_owner@", "postgres@")
            with psycopg.connect(superuser, autocommit=True) as connection:
                for statement in OURS_TO_TUNE:
                    connection.execute(statement)
        self.administrate("DROP DATABASE IF EXISTS {}", self.template)
        self.administrate("CREATE DATABASE {}", self.template)
        self.work_in(self.template)
        if self.migrated and self.has_own_database:
            self.migrated.make()
        call_command("prepare", verbosity=0)
        with connections["owner"].cursor() as cursor:
            cursor.execute(NEVER_COUNTED)
        connections.close_all()

    def _drop_everything(self) -> None:
        with self._administration() as connection:
            mine = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            names = [name for (name,) in connection.execute(mine, [self.template])]
        for name in names:
            self.administrate("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        if not os.environ.get("DATABASE_URL"):
            self.administrate("DROP ROLE IF EXISTS {}", self.template)
        if not os.environ.get("DATABASE_ERASER_URL"):
            self.administrate("DROP ROLE IF EXISTS {}", self.eraser)

    def _administration(self) -> psycopg.Connection:
        try:
            return psycopg.connect(self.owner_url, autocommit=True)
        except psycopg.OperationalError:  # the database of the address may not be there
            other = urlunsplit(urlsplit(self.owner_url)._replace(path="/postgres"))
            return psycopg.connect(other, autocommit=True)


@dataclass
class Servers:
    """The run's servers as one process of it sees them."""

    run: Run
    worker: str
    numbers: Iterator[int] = field(default_factory=count)

    def use_a_copy(self) -> str:
        """Work in a fresh copy of the template from now on; gives back its name."""
        name = f"{self.run.template}_{self.worker}_{next(self.numbers)}"
        self.run.administrate("CREATE DATABASE {} TEMPLATE {}", name, self.run.template)
        self.run.work_in(name)
        return name

    def drop(self, copy: str) -> None:
        connections.close_all()
        # Not by force: the owner may not end the service's sessions. PostgreSQL itself waits a
        # few seconds for those that are just ending.
        self.run.administrate("DROP DATABASE {}", copy)

    @property
    def redis_url(self) -> str:
        """A database of the broker's for this process alone, in Celery's form."""
        if given := os.environ.get("REDIS_URL"):
            return urlunsplit(urlsplit(given)._replace(path=f"/{self._number}"))
        return f"{embedded.redis_url()}?virtual_host={self._number}"

    @property
    def redis_client_url(self) -> str:
        """The same in the form of redis-py."""
        if os.environ.get("REDIS_URL"):
            return self.redis_url
        return f"{embedded.redis_client_url()}?db={self._number}"

    def environment(self) -> dict[str, str]:
        """The addresses and secrets of this process, for processes that it starts."""
        return {
            "DATABASE_URL": self._here(self.run.service_url),
            "DATABASE_OWNER_URL": self._here(self.run.owner_url),
            "DATABASE_ERASER_URL": self._here(self.run.eraser_url),
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": settings.SECRET_KEY,
            "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
        }

    @property
    def _number(self) -> int:
        if self.worker.startswith("gw"):
            return int(self.worker.removeprefix("gw")) + 1
        return 1 if self.worker == "main" else 15  # the last one that a server has by default

    def _here(self, url: str) -> str:
        return urlunsplit(
            urlsplit(url)._replace(path=f"/{connections['default'].settings_dict['NAME']}")
        )
