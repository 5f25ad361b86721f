"""A query that is built once a process; what differs from call to call are its parameters.

Building a large query takes Django longer than PostgreSQL needs to answer it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

Build = Callable[..., QuerySet[Any, Any]]
LIKE: Final[Mapping[type, Callable[[int], object]]] = {  # values that nothing else has
    int: lambda number: -7_000_000 - number,
    date: lambda number: date(1801, 2, 3) + timedelta(days=1000 * number),
    UUID: lambda number: UUID(int=7**40 + number),
}


@dataclass(frozen=True)
class Slot:
    """Where the parameter of this name goes."""

    name: str


class Underived(TypeError):
    """A parameter is computed from another one, so it would never change. Pass it by itself."""


class Prepared:
    """`build` makes a queryset of `values()` from keyword arguments of the given types."""

    def __init__(self, build: Build, **kinds: type) -> None:
        self.build, self.kinds = build, kinds

    def rows(self, **values: Any) -> list[dict[str, Any]]:
        """Rows by the names of the query's values, as the queryset itself would give them."""
        sql, parameters = self._statement
        given = [values[each.name] if isinstance(each, Slot) else each for each in parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            found = cursor.fetchall()
        converted = self._compiler.apply_converters(found, self._converters)
        return [dict(zip(self._names, row, strict=True)) for row in converted]

    @cached_property
    def _compiler(self) -> Any:
        compiler = self._example(0).query.get_compiler("default")
        compiler.setup_query()
        return compiler

    @cached_property
    def _converters(self) -> Any:
        return self._compiler.get_converters([shown[0] for shown in self._compiler.select])

    @cached_property
    def _names(self) -> list[str]:
        query = self._compiler.query
        return [*query.values_select, *query.annotation_select]

    @cached_property
    def _statement(self) -> tuple[str, list[Any]]:
        """Built with two sets of values: whatever differs must be one of them."""
        (sql, first), (again, second) = (self._slotted(number) for number in (0, len(self.kinds)))
        if sql != again or repr(first) != repr(second):  # JSON has no equality of its own
            raise Underived(f"{self.build} computes a parameter from another.")
        return sql, first

    def _slotted(self, number: int) -> tuple[str, list[Any]]:
        slots = {value: Slot(name) for name, value in self._values(number).items()}
        sql, parameters = self._example(number).query.sql_with_params()
        return sql, [slots.get(each, each) if type(each) in LIKE else each for each in parameters]

    def _example(self, number: int) -> QuerySet[Any, Any]:
        return self.build(**self._values(number))

    def _values(self, number: int) -> dict[str, object]:
        return {
            name: LIKE[kind](number + place)
            for place, (name, kind) in enumerate(self.kinds.items())
        }
