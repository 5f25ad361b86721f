"""Lists by cursor: a page costs the same at any depth, and no row is missed or seen twice.

A row that exists during the whole walk is seen exactly once, whatever is inserted or removed.
"""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from django.db.models import F, Model, QuerySet
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

M = TypeVar("M", bound=Model)

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
    """Where a page begins: the rows below a primary key, or, walking back, those above it."""

    key: int
    back: bool


class NewestFirst(BasePagination):
    """`{results, next, previous}` and a `Link` header, by primary key, newest first."""

    reads = Paging

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.cipher = _cipher(request, view)
        start = self._start(view.query.get("cursor"))
        rows, more = _page(queryset, start, view.query["page_size"])
        back = start is not None and start.back
        newest, oldest = _edges([row.pk for row in rows], start)
        older = more if not back else True
        newer = more if back else start is not None
        self.next = self._link(Position(oldest, back=False)) if older else None
        self.previous = self._link(Position(newest, back=True)) if newer else None
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

    def _start(self, cursor: str | None) -> Position | None:
        return _opened(self.cipher, cursor) if cursor else None

    def _link(self, position: Position) -> str:
        plain = json.dumps([position.key, position.back]).encode()
        cursor = self.cipher.encrypt(plain).decode().rstrip("=")
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _page(rows: QuerySet[M], start: Position | None, size: int) -> tuple[list[M], bool]:
    """A page's rows, newest first, and whether more follow in the direction of the walk.

    In the order of the key's negative, which only indexes have that begin with the contractor: in
    the order of the key itself PostgreSQL walks over the newer rows of all other contractors.
    """
    placed = rows.alias(place=-F("pk"))
    if start is None:
        ordered = placed.order_by("place")
    elif start.back:
        ordered = placed.filter(place__lt=-start.key).order_by("-place")
    else:
        ordered = placed.filter(place__gt=-start.key).order_by("place")
    found = list(ordered[: size + 1])
    page = found[:size]
    if start and start.back:
        page.reverse()
    return page, len(found) > size


def _edges(keys: list[int], start: Position | None) -> tuple[int, int]:
    """The page's newest and oldest key; of an empty page, where the walk stands."""
    if keys:
        return keys[0], keys[-1]
    if start is None:
        return 0, 0
    return start.key - 1, start.key + 1


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
        key, back = json.loads(cipher.decrypt(token, ttl=CURSOR_LASTS))
    except (binascii.Error, ValueError, InvalidToken) as error:
        raise CursorInvalid from error
    return Position(key, back)
