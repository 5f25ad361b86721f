"""A sheet of suppliers with a contact each, from the upload to the last row stored, against COPY
of the very same rows into the same tables."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from django.utils import timezone

from benchmarks import timing
from benchmarks.databases import Database
from benchmarks.laboratory import TIMEOUT, Laboratory, Site
from benchmarks.making import stored_columns
from benchmarks.reporting import Line
from benchmarks.timing import Stopwatch, Watched
from events.models import Operation
from suppliers.importing import beginning
from suppliers.models import Contact, Supplier

HEADING: Final = "取引先コード,会社名,フリガナ,業種,従業員数,メールアドレス,担当者,電話"
OURS: Final = {
    Supplier: "code LIKE 'I-%'",
    Contact: "supplier_id IN (SELECT id FROM suppliers_supplier WHERE code LIKE 'I-%')",
}

TIDY: Final = (
    "DELETE FROM suppliers_importchange",
    f"DELETE FROM suppliers_contact WHERE {OURS[Contact]}",  # noqa: S608  # our own words
    f"DELETE FROM suppliers_supplier WHERE {OURS[Supplier]}",  # noqa: S608  # our own words
    "VACUUM suppliers_contact",
    "VACUUM suppliers_supplier",
)


def measure(lab: Laboratory) -> list[Line]:
    site, rows = lab.large, lab.plan.rows
    watched = {"import": _importing(site, rows), "copy": _copying(site, rows)}
    found = timing.medians(lab.plan.imports, watched)
    name = f"import of {rows:,} suppliers with contacts"
    return [Line(name, found["import"], "COPY", found["copy"])]


def sheet(rows: int) -> bytes:
    lines = (
        f"I-{n},株式会社山田製作所{n},ヤマダセイサクショ,製造業,{n % 300 + 1},"
        f"yamada@i-{n}.example,山田太郎,03-1234-{n:04}"
        for n in range(rows)
    )
    return "\n".join([HEADING, *lines]).encode("cp932")


def _importing(site: Site, rows: int) -> Watched:
    content = sheet(rows)

    def imported() -> float:
        watch = Stopwatch()
        with _room(site.database), watch.running():
            _import(site, content)
        return watch.seconds

    return imported


def _import(site: Site, content: bytes) -> None:
    """As a contractor's system and a worker do it."""
    answer = site.session().post(
        f"{site.web.url}/api/v1/imports/",
        data={"kind": "suppliers"},
        files={"file": ("取引先.csv", content, "text/csv")},
        headers={"Idempotency-Key": str(uuid.uuid4())},
        timeout=TIMEOUT * 4,
    )
    answer.raise_for_status()
    with site.database.used():
        while claimed := beginning.claim(now=timezone.now()):
            for operation in claimed:
                beginning.go_on(operation, now=timezone.now())
        ended = Operation.objects.get(public_id=answer.json()["id"])
    if ended.status != Operation.Status.SUCCEEDED:
        raise RuntimeError(f"The import {ended.status}: {ended.errors[:3]}")


def _copying(site: Site, rows: int) -> Watched:
    """The rows that the service stores for this sheet, as they lie in the tables."""
    with _room(site.database):
        _import(site, sheet(rows))
        with psycopg.connect(site.database.url) as connection:
            lying = {model: _taken(connection, model, where) for model, where in OURS.items()}

    def copied() -> float:
        watch = Stopwatch()
        with (
            _room(site.database),
            psycopg.connect(site.database.url) as connection,
            watch.running(),
        ):
            for model, content in lying.items():
                _put(connection, model, content)
            connection.commit()
        return watch.seconds

    return copied


def _taken(connection: psycopg.Connection[Any], model: Any, where: str) -> bytes:
    table, columns = model._meta.db_table, ", ".join(stored_columns(model))
    text = f"COPY (SELECT {columns} FROM {table} WHERE {where}) TO STDOUT"  # noqa: S608  # our own words
    with connection.cursor().copy(text.encode()) as copy:
        return b"".join(bytes(part) for part in copy)


def _put(connection: psycopg.Connection[Any], model: Any, content: bytes) -> None:
    table, columns = model._meta.db_table, ", ".join(stored_columns(model))
    with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
        copy.write(content)


@contextmanager
def _room(database: Database) -> Iterator[None]:
    """Nothing of the sheet is there before, nor after. Events stay, as they must."""
    yield
    database.administrate(*TIDY)
