"""Every request has an id, taken from the caller if it is sane, and leaves one line in the log."""

import re
import uuid
from collections.abc import Callable
from time import perf_counter

import structlog
from django.http import HttpRequest, HttpResponse

from contractors.models import ApiKey
from events.tracing import request_id

SANE = re.compile(r"[A-Za-z0-9-]{8,64}")

log = structlog.get_logger("config.tracing")


def trace(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    def traced(request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        wanted = request.headers.get("X-Request-Id", "")
        token = request_id.set(wanted if SANE.fullmatch(wanted) else str(uuid.uuid4()))
        try:
            response = get_response(request)
            response.headers["X-Request-Id"] = request_id.get()
            _note(request, response, seconds=perf_counter() - began)
        finally:
            request_id.reset(token)
        return response

    return traced


def _note(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    """The route's pattern, never the path: a path may be somebody's link."""
    key = getattr(request, "auth", None)
    log.info(
        "request",
        method=request.method,
        route=request.resolver_match.route if request.resolver_match else None,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        contractor=str(key.contractor.public_id) if isinstance(key, ApiKey) else None,
    )
