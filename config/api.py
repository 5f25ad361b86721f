"""The one place where a refusal or an error of the API becomes an HTTP answer (RFC 9457).

REST framework loads this module while it loads its generic views: import none of those here.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404
from psycopg import errors as postgres
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from config import problems
from contractors.errors import Refused

SPOKEN_OVER: Final = (  # two callers changed the same at the same moment; either may try again
    postgres.UniqueViolation,
    postgres.DeadlockDetected,
    postgres.SerializationFailure,
)
MOST_ERRORS: Final = 500  # of one answer; a body of nothing but errors must not be echoed tenfold


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error, or None for a bug: that is 500 and a line in the log."""
    if isinstance(error, Refused):
        return _problem(error.status, error.code, str(error), more=error.more)
    if isinstance(error, Http404 | PermissionDenied | SuspiciousOperation):
        return _of_django(error)
    if isinstance(error, DatabaseError) and isinstance(error.__cause__, SPOKEN_OVER):
        return _problem(409, "conflict")
    if isinstance(error, APIException):
        return _of_framework(error, context)
    return None


def _of_django(error: Exception) -> Response:
    if isinstance(error, Http404):
        return _problem(404, "not-found")
    if isinstance(error, PermissionDenied):
        return _problem(403, "permission-denied")
    if isinstance(error, RequestDataTooBig):
        return _problem(413, "body-too-large")
    return _problem(400, "bad-request")


def _of_framework(error: APIException, context: dict[str, Any]) -> Response:
    answer = exception_handler(error, context)
    assert answer is not None
    headers = {name: answer[name] for name in ("WWW-Authenticate", "Retry-After") if name in answer}
    if isinstance(error, ValidationError):
        errors = list(islice(_pointed(error.get_full_details()), MOST_ERRORS))
        return _problem(400, "invalid", headers=headers, more={"errors": errors})
    code = _hyphened(error.default_code)
    told = None if code == "not-found" else str(error.detail)  # says nothing of what is missing
    more = getattr(error, "more", {})
    return _problem(error.status_code, code, told, headers=headers, more=more)


def _problem(
    status: int,
    code: str,
    detail: str | None = None,
    *,
    headers: dict[str, str] | None = None,
    more: dict[str, Any] | None = None,
) -> Response:
    answer = Response(problems.body(status, code, detail, more), status=status, headers=headers)
    answer.content_type = problems.MEDIA_TYPE
    return answer


def _pointed(details: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Walk the errors of a serializer, however deep, and say where each is (RFC 6901)."""
    if _is_leaf(details):
        code, message = _hyphened(str(details["code"])), str(details["message"])
        yield {"pointer": pointer, "code": code, "detail": message}
        return
    if isinstance(details, dict):
        for name, inner in details.items():
            whole = name == "non_field_errors"
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from _pointed(inner, pointer if whole else f"{pointer}/{step}")
        return
    for position, inner in enumerate(details):
        yield from _pointed(inner, pointer if _is_leaf(inner) else f"{pointer}/{position}")


def _is_leaf(details: Any) -> bool:
    """Told apart from an object with fields of these names: those hold lists."""
    if not isinstance(details, dict) or set(details) != {"message", "code"}:
        return False
    return isinstance(details["message"], str)


def _hyphened(code: str) -> str:
    return code.replace("_", "-")
