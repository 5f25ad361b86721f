"""Every route of the service, and the address of one."""

import re
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.urls import URLPattern, URLResolver, get_resolver


class Route(NamedTuple):
    """A pattern such as `api/v1/suppliers/<uuid:public_id>/`, and what answers there."""

    pattern: str
    view: Any

    @property
    def actions(self) -> dict[str, str]:
        """Actions of our view sets by method in capitals; HEAD is GET."""
        actions = getattr(self.view, "actions", {})
        return {method.upper(): name for method, name in actions.items() if method != "head"}

    def address(self, **ids: Any) -> str:
        """A path of this route; an id that is not given is nobody's."""

        def chosen(place: re.Match[str]) -> str:
            return str(ids.get(place[2], uuid.uuid4()))

        return "/" + re.sub(r"<(\w+):(\w+)>", chosen, self.pattern)


def _walk(patterns: Any, prefix: str = "") -> Iterator[Route]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield Route(prefix + str(each.pattern), each.callback)


ROUTES = list(_walk(get_resolver().url_patterns))
OPEN = {"api/v1/openapi.json", "api/docs/"}  # the only ones below api/ without a key
API = [route for route in ROUTES if route.pattern.startswith("api/") and route.pattern not in OPEN]
CALLS = [(route, method) for route in API for method in sorted(route.actions)]
WITH_BODY = [(route, method) for route, method in CALLS if method in {"POST", "PUT", "PATCH"}]
FORMS = [(route, method) for route, method in WITH_BODY if route.view.cls.most_bytes]  # with a file
JSON_BODY = [call for call in WITH_BODY if call not in FORMS]
MEDIA = {
    "agreement": "application/pdf",
    "download": "application/octet-stream",
    "result": "application/x-ndjson",
}
FILES = [route for route in API if route.actions.get("GET") in MEDIA]  # answer with a file
PAGED = [route for route in API if route.actions.get("GET") in route.view.cls.paged]
LISTS = [route for route in API if route in PAGED or route.actions.get("GET") == "list"]
SINGLE = [route for route in API if "GET" in route.actions and route not in (*LISTS, *FILES)]


def each(cases: list[Any]) -> Any:
    """Parameters `route` or `route, method`, named so that a failure says where."""
    if cases and isinstance(cases[0], Route):
        return pytest.mark.parametrize("route", cases, ids=[case.pattern for case in cases])
    names = [f"{method} {route.pattern}" for route, method in cases]
    return pytest.mark.parametrize(("route", "method"), cases, ids=names)
