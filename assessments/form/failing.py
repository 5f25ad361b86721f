"""Pages for what did not work: neutral, without a technical word, and without losing input.

A link that never existed, one that was revoked, and one whose request was cancelled or declined
lead to the same bytes: nobody learns from the page which links were real. One that was revoked as
another person took over says so: whoever had it answered for the request until then.
"""

# ruff: noqa: ARG001  # Django fixes the signatures of these handlers

import sys
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from events.reconnecting import ENDED

PAGES: Final = "assessments/failing/{name}.html"
RETRY_AFTER: Final = "60"  # seconds
SOON: Final = "5"  # seconds


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _neutral("not_found", 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Also a body that is too large or has too many fields."""
    return _neutral("bad_request", 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _neutral("permission_denied", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database and no session: either may be what is broken.

    Where the database is away or ended the connection, it works again in a moment.
    """
    if not isinstance(sys.exc_info()[1], ENDED):
        return _neutral("server_error", 500)
    response = _neutral("unavailable", 503)
    response["Retry-After"] = SOON
    return response


def too_many(request: HttpRequest, sentence: str) -> HttpResponse:
    response = _neutral("too_many", 429, sentence=sentence)
    response["Retry-After"] = RETRY_AFTER
    return response


def ended(request: HttpRequest) -> HttpResponse:
    """For a browser that was in: the request was taken back or declined meanwhile."""
    return _neutral("ended", 410)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the page again with all that was typed; nothing is stored until it is sent again."""
    len(request.POST)  # A body too large to be read is refused before anything else is said.
    match = request.resolver_match
    again = getattr(match.func, "again", None) if match else None
    if match is None or again is None:
        return permission_denied(request)
    sentence = _("The connection had timed out. Press the button once more; your input is kept.")
    response: HttpResponse = again(request, *match.args, notice=sentence, **match.kwargs)
    if response.status_code == 200:
        response.status_code = 403
    return response


def _neutral(name: str, status: int, **context: Any) -> HttpResponse:
    content = render_to_string(PAGES.format(name=name), {"neutral": True, **context})
    response = HttpResponse(content, status=status)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response
