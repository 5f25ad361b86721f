"""Many rows of a table at once, by COPY: an INSERT of them takes several times as long."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

import orjson
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def put(model: type[models.Model], rows: Iterable[models.Model], *, numbered: bool = False) -> None:
    """Store rows that are not stored yet, each sent while the next is made.

    They do not learn their primary keys; those that have one by `number` are `numbered`. Rows that
    are made on the way cannot ask the database, which is busy with those before.
    """
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.generated and (numbered or not field.primary_key)
    ]
    written = [_writer(field) for field in fields]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([write(row) for write in written])


def number(model: type[models.Model], rows: Collection[models.Model]) -> None:
    """Give them primary keys of the table's own sequence, as it would without COPY."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(sequence) FROM generate_series(1, %s),"  # looked up once, not a row
            " CAST(pg_get_serial_sequence(%s, %s) AS regclass) AS sequence",
            [len(rows), model._meta.db_table, model._meta.pk.column],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def _writer(field: "models.Field[Any, Any]") -> Callable[[models.Model], Any]:
    if isinstance(field, models.JSONField):
        return lambda row: _json(_given(field.value_from_object(row)))
    if field.has_db_default():
        return lambda row: _given(field.value_from_object(row))
    return field.value_from_object


def _given(value: Any) -> Any:
    """COPY names columns once for all rows, so what the database would fill in is sent to it."""
    [told] = value.get_source_expressions() if isinstance(value, DatabaseDefault) else [None]
    return told.value if isinstance(told, models.Value) else value


def _json(value: Any) -> str | None:
    """Nothing is no value of the column, as with an INSERT; never the `null` of JSON."""
    return None if value is None else orjson.dumps(value).decode()
