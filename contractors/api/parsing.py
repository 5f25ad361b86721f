"""JSON as it was meant: whatever two parsers could read differently is refused (RFC 7493)."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final, NoReturn, cast

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.parsers import BaseParser

from contractors.api.pointing import Path, nested
from contractors.api.problems import Malformed

DEEPEST: Final = 100
LONGEST_INTEGER: Final = 19  # digits of PostgreSQL's bigint
SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """A JSON object in UTF-8: no doubled name, no NaN, no lone surrogate, at most 100 deep."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        body = _load(_text(stream.read()))
        if not isinstance(body, dict):
            raise Malformed(_("The body must be a JSON object."))
        if odd := list(_surrogates(body)):
            raise ValidationError(nested(odd))
        return body


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _("The body is not UTF-8: byte %(number)d is wrong.")
        raise Malformed(place % {"number": error.start + 1}) from error


def _load(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        place = _("The body is not JSON: look at line %(line)d, column %(column)d.")
        raise Malformed(place % {"line": error.lineno, "column": error.colno}) from error
    except RecursionError as error:
        raise _too_deep() from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        [(doubled, _times)] = Counter(name for name, _value in pairs).most_common(1)
        shown = json.dumps(doubled[:50])
        raise Malformed(_("The name %(name)s stands twice in one object.") % {"name": shown})
    return found


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > LONGEST_INTEGER:
        raise Malformed(_("A number in the body has too many digits."))
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Malformed(_("A number in the body is too large."))
    return number


def _constant(name: str) -> NoReturn:
    raise Malformed(_("%(name)s is not a number in JSON.") % {"name": name})


def _too_deep() -> Malformed:
    return Malformed(_("The body is nested deeper than %(most)d levels.") % {"most": DEEPEST})


def _surrogates(body: dict[str, Any]) -> Iterator[tuple[Path, ErrorDetail]]:
    """Half characters, by place. In a name there is no place to show: the whole is refused."""
    waiting: list[tuple[Path, Any]] = [((), body)]
    while waiting:
        path, holder = waiting.pop()
        if len(path) >= DEEPEST:
            raise _too_deep()
        for step, value in _steps(holder):
            if isinstance(value, str) and SURROGATE.search(value):
                detail = _("This text holds half a character (a lone surrogate).")
                yield (*path, step), ErrorDetail(detail, "surrogate-characters-not-allowed")
            elif isinstance(value, dict | list):
                waiting.append(((*path, step), value))


def _steps(holder: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(holder, list):
        return enumerate(holder)
    if any(SURROGATE.search(name) for name in holder):
        raise Malformed(_("A name in the body holds half a character (a lone surrogate)."))
    return cast(Iterable[tuple[str | int, Any]], holder.items())
