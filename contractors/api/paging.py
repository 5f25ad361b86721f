"""Lists by cursor: a page costs the same at any depth, and no row is missed or seen twice.

A row that exists during the whole walk is seen exactly once, whatever is inserted or removed.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from cryptography.fernet import Fernet, InvalidToken
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from contractors.api.problems import CursorInvalid
from contractors.api.reading import Strict

if TYPE_CHECKING:  # REST framework loads this module while it loads its own views.
    from contractors.api.scoping import OwnRowsViewSet

USUAL: Final = 50
MOST: Final = 200
CURSOR_LASTS: Final = 7 * 24 * 60 * 60  # seconds


class PageSize(serializers.Field[int, str, int, Any]):
    """A whole number from 1; more than 200 is taken as 200."""

    default_error_messages = {
        "invalid": gettext_lazy("page_size is a whole number from 1 to 200."),
    }

    def to_internal_value(self, data: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", data) or int(data) == 0:
            self.fail("invalid")
        return min(int(data), MOST)

    def to_representation(self, value: int) -> int:
        return value


class Paging(Strict):
    page_size = PageSize(default=USUAL)
    cursor = serializers.CharField(required=False, max_length=500)


@dataclass(frozen=True)
class Position:
    """Where a page begins: the rows after a primary key, or, walking back, those before it.

    `at` is the moment that goes before the key, where the order is one of time; `part` is which
    list it is, where several stand one after the other.
    """

    key: int
    back: bool
    at: str = ""
    part: int = 0


class NewestFirst(BasePagination):
    """`{results, next, previous}` and a `Link` header, by primary key, newest first."""

    reads = Paging
    step: ClassVar[int] = -1  # from a key to the one that follows

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.cipher = _cipher(request, view)
        start = self._start(view.query.get("cursor"))
        rows, more = self._page(queryset, start, view.query["page_size"])
        back = start is not None and start.back
        first, last = self._edges(rows, start)
        further = more if not back else True
        before = more if back else start is not None
        self.next = self._link(replace(last, back=False)) if further else None
        self.previous = self._link(replace(first, back=True)) if before else None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        links = [("next", self.next), ("prev", self.previous)]
        told = ", ".join(f'<{url}>; rel="{name}"' for name, url in links if url)
        page = {"results": data, "next": self.next, "previous": self.previous}
        return Response(page, headers={"Link": told} if told else None)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """`schema` is that of the array of rows."""
        url = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {
                "results": schema,
                "next": url,
                "previous": url,
            },
        }

    def ordered(self, rows: Any, start: Position | None) -> Any:
        """The rows from `start` on, in the direction of the walk.

        In the order of the key's negative, which only indexes have that begin with the contractor:
        in the order of the key itself PostgreSQL walks over the newer rows of all others.
        """
        placed = rows.alias(place=-F("pk"))
        if start is None:
            return placed.order_by("place")
        if start.back:
            return placed.filter(place__lt=-start.key).order_by("-place")
        return placed.filter(place__gt=-start.key).order_by("place")

    def place(self, row: Any) -> Position:
        """Where this row stands."""
        return Position(row.pk, back=False)

    def _page(self, rows: Any, start: Position | None, size: int) -> tuple[list[Any], bool]:
        """A page's rows, and whether more follow in the direction of the walk."""
        found = list(self.ordered(rows, start)[: size + 1])
        page = found[:size]
        if start and start.back:
            page.reverse()
        return page, len(found) > size

    def _edges(self, rows: list[Any], start: Position | None) -> tuple[Position, Position]:
        """The page's first and last place; of an empty page, where the walk stands."""
        if rows:
            return self.place(rows[0]), self.place(rows[-1])
        if start is None:
            return Position(0, back=False), Position(0, back=False)
        after, before = start.key + self.step, start.key - self.step
        return replace(start, key=after), replace(start, key=before)

    def _start(self, cursor: str | None) -> Position | None:
        return _opened(self.cipher, cursor) if cursor else None

    def _link(self, position: Position) -> str:
        plain = json.dumps(astuple(position)).encode()
        cursor = self.cipher.encrypt(plain).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


class LongestWaiting(NewestFirst):
    """Lists one after the other, each the longest waiting first: what a person has to do.

    Every row of them has the moment `since` and the number `part` of its list.
    """

    step = 1

    def ordered(self, rows: Any, start: Position | None) -> Any:
        forth, back = ("since", "pk"), ("-since", "-pk")
        if start is None:
            return rows.order_by(*forth)
        if not start.at:  # the whole list, from its end
            return rows.order_by(*back)
        if start.back:
            before = Q(since__lt=start.at) | Q(pk__lt=start.key)
            return rows.filter(before, since__lte=start.at).order_by(*back)
        after = Q(since__gt=start.at) | Q(pk__gt=start.key)
        return rows.filter(after, since__gte=start.at).order_by(*forth)

    def place(self, row: Any) -> Position:
        return Position(row.pk, back=False, at=row.since.isoformat(), part=row.part)

    def _page(self, rows: Any, start: Position | None, size: int) -> tuple[list[Any], bool]:
        back = start is not None and start.back
        found: list[Any] = []
        for part, each in reversed(list(enumerate(rows))) if back else enumerate(rows):
            if len(found) <= size and not _is_behind(part, start):
                begin = start if start and part == start.part else _end(part) if back else None
                found += self.ordered(each, begin)[: size + 1 - len(found)]
        page = found[:size]
        if back:
            page.reverse()
        return page, len(found) > size


def _is_behind(part: int, start: Position | None) -> bool:
    """Whether a walk that begins there does not come to this list any more."""
    if start is None:
        return False
    return part > start.part if start.back else part < start.part


def _end(part: int) -> Position:
    return Position(0, back=True, part=part)


def _cipher(request: Request, view: "OwnRowsViewSet[Any]") -> Fernet:
    """Cursors open only for the contractor, address and filters they were made for.

    Encrypted, not only signed: primary keys never leave the database.
    """
    filters = sorted(
        (name, values)
        for name, values in request.query_params.lists()
        if name not in {"cursor", "page_size"}
    )
    place = json.dumps([view.contractor.pk, request.path, filters])
    secret = salted_hmac("contractors.api.paging", place, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(secret))


def _opened(cipher: Fernet, cursor: str) -> Position:
    token = cursor + "=" * (-len(cursor) % 4)
    try:
        # Base64 has several spellings of the same bytes; only ours is taken.
        if urlsafe_b64encode(urlsafe_b64decode(token)).decode() != token:
            raise CursorInvalid
        place = json.loads(cipher.decrypt(token, ttl=CURSOR_LASTS))
    except (binascii.Error, ValueError, InvalidToken) as error:
        raise CursorInvalid from error
    return Position(*place)
