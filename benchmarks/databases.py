"""Databases on one server, alike but for their size."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection, connections
from psycopg import sql

from benchmarks.plan import Size
from config import embedded


@dataclass(frozen=True)
class Database:
    name: str
    size: Size

    @property
    def url(self) -> str:
        """As the service's role."""
        return _in(self.name, embedded.database_url())

    @property
    def owner_url(self) -> str:
        return _in(self.name, embedded.owner_url())

    def create(self) -> None:
        """A copy of the prepared database, which nobody may use meanwhile."""
        connections.close_all()
        with psycopg.connect(_in("postgres", embedded.owner_url()), autocommit=True) as owner:
            owner.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(self.name), sql.Identifier(_name(embedded.database_url()))
                )
            )

    @contextmanager
    def used(self) -> Iterator[None]:
        """Django's work in this process happens here."""
        before = connection.settings_dict["NAME"]
        self._work_in(self.name)
        try:
            yield
        finally:
            self._work_in(before)

    def administrate(self, *statements: str) -> None:
        """As the owner, each by itself."""
        with psycopg.connect(self.owner_url, autocommit=True) as owner:
            for statement in statements:
                owner.execute(statement.encode())

    def _work_in(self, name: str) -> None:
        if connection.settings_dict["NAME"] != name:
            connection.close()
            connection.settings_dict["NAME"] = name


def _in(name: str, url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")
