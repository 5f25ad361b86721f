"""Errors by place, in the shape REST framework's serializers use: nested like the input itself."""

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import ErrorDetail

Path = tuple[str | int, ...]


def nested(errors: Iterable[tuple[Path, ErrorDetail]]) -> dict[str, Any]:
    """`("contacts", 0, "email")` becomes `{"contacts": {"0": {"email": [detail]}}}`."""
    tree: dict[str, Any] = {}
    for path, detail in errors:
        inner = tree
        for step in path[:-1]:
            inner = inner.setdefault(str(step), {})
        inner.setdefault(str(path[-1]), []).append(detail)
    return tree
