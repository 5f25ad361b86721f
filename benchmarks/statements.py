"""The floor of everything that asks the database: its own statements, without Python around them.

They are caught while the service works and given to psycopg again, values included. What writes is
caught in a transaction that is rolled back; the numbers it took are given back, so that it can be
given again and committed as it was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from django.db import connection, transaction
from psycopg import sql

from benchmarks.databases import Database
from benchmarks.timing import Stopwatch

EXPLAIN: Final = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)"
OF_DJANGO: Final = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@dataclass(frozen=True)
class Statement:
    text: str
    values: Any


def caught(work: Callable[[], object]) -> list[Statement]:
    """The statements of this work, of which nothing remains."""
    statements: list[Statement] = []

    def note(execute: Any, text: Any, values: Any, many: bool, context: Any) -> Any:
        if not str(text).startswith(OF_DJANGO):
            statements.append(Statement(str(text), values))
        return execute(text, values, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            work()
        transaction.set_rollback(True)
    return statements


@contextmanager
def numbers_kept(database: Database) -> Iterator[None]:
    """Sequences stand afterwards where they stood before, although no rollback moves them."""
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        names = [name for (name,) in owner.execute(SEQUENCES)]
        stood = {name: _standing(owner, name) for name in names}
        yield
        for name, (last, called) in stood.items():
            owner.execute("SELECT setval(%s, %s, %s)", [name, last, called])


SEQUENCES: Final = """
SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE schemaname = 'public'
"""


def _standing(owner: psycopg.Connection[Any], name: str) -> tuple[int, bool]:
    [(last, called)] = owner.execute(
        sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(*name.split(".")))
    )
    return last, called


class Psycopg:
    """One connection, with Django's way of writing values and no more of Django."""

    def __init__(self, database: Database) -> None:
        with database.used():
            connection.ensure_connection()
            self.connection = psycopg.connect(
                database.url, context=connection.connection, cursor_factory=psycopg.ClientCursor
            )

    def replay(self, statements: list[Statement]) -> float:
        """Seconds from the first statement to the commit, rows fetched."""
        watch = Stopwatch()
        with watch.running():
            with self.connection.cursor() as cursor:
                for each in statements:
                    cursor.execute(each.text.encode(), each.values)
                    if cursor.description:
                        cursor.fetchall()
            self.connection.commit()
        return watch.seconds

    def explain(self, statements: list[Statement]) -> list[dict[str, Any]]:
        """What EXPLAIN tells of those that read, as JSON, after it has run them."""
        reading = [each for each in statements if each.text.startswith("SELECT")]
        told = [
            self.connection.execute(f"{EXPLAIN} {each.text}".encode(), each.values).fetchone()
            for each in reading
        ]
        self.connection.rollback()
        return [plan for row in told if row for plan in row[0]]

    def close(self) -> None:
        self.connection.close()
