"""Many rows of a table at once, by COPY: an INSERT of them takes several times as long."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

Line = list[Any]
Writer = Callable[[models.Model], Any]


def put(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Store rows that are not stored yet, each sent while the next is made.

    They do not learn their primary keys. Rows that are made on the way cannot ask the database,
    which is busy with those before.
    """
    fields = [field for field in _stored(model) if not field.primary_key]
    written = [_writer(field) for field in fields]
    _copy(model, fields, ([write(row) for write in written] for row in rows))


def put_alike(row: models.Model, **columns: Iterable[Any]) -> None:
    """Store this row once for each value of the columns, in which alone its copies differ.

    Columns are named as the row's attributes are (`supplier_id`), are equally long, and hold
    whatever is unique. What is alike is prepared once, so a copy costs no more than its columns.
    """
    model = type(row)
    fields = [field for field in _stored(model) if not field.primary_key or "id" in columns]
    names = [field.attname for field in fields]
    line = [_writer(field)(row) for field in fields]
    places = [names.index(name) for name in columns]
    told = (
        map(_json, values) if isinstance(fields[place], models.JSONField) else values
        for place, values in zip(places, columns.values(), strict=True)
    )
    _copy(model, fields, _filled(line, places, zip(*told, strict=True)))


def keys(model: type[models.Model], count: int) -> list[int]:
    """So many primary keys of the table's own sequence, as it would give them without COPY."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(sequence) FROM generate_series(1, %s),"  # looked up once, not a row
            " CAST(pg_get_serial_sequence(%s, %s) AS regclass) AS sequence",
            [count, model._meta.db_table, model._meta.pk.column],
        )
        return [key for (key,) in cursor.fetchall()]


def _copy(
    model: type[models.Model], fields: "list[models.Field[Any, Any]]", lines: Iterable[Line]
) -> None:
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for line in lines:
            copy.write_row(line)


def _filled(line: Line, places: list[int], values: Iterable[tuple[Any, ...]]) -> Iterable[Line]:
    """The same line again and again: it is sent before the next is asked for."""
    for each in values:
        for place, value in zip(places, each, strict=True):
            line[place] = value
        yield line


def _stored(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if not field.generated]


def _writer(field: "models.Field[Any, Any]") -> Writer:
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
