"""Problems (RFC 9457): what each code means, its page, and its body wherever it arises."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import yaml
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from events.tracing import request_id

MEDIA_TYPE: Final = "application/problem+json"
CHUNK: Final = 64 * 1024  # bytes
DRAINED: Final = 32 * 1024 * 1024  # bytes of a refused body; what is even longer is cut off
OF_STATUS: Final = {  # what is said where the router, the framework or a crash answered
    400: "bad-request",
    403: "permission-denied",
    404: "not-found",
    405: "method-not-allowed",
    412: "precondition-failed",
    413: "body-too-large",
    503: "unavailable",
}


@dataclass(frozen=True)
class Kind:
    """A code's title and explanation, by language."""

    status: int
    title: dict[str, str]
    explanation: dict[str, str]


KINDS: Final = {
    code: Kind(**entry)
    for code, entry in yaml.safe_load(
        (Path(__file__).parent / "problems.yaml").read_text(encoding="utf-8")
    ).items()
}


def body(
    status: int, code: str, detail: str | None = None, more: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The members of a problem in the language of the request; `more` never overrides them."""
    kind = KINDS.get(code, KINDS["bad-request" if status < 500 else "server-error"])
    language = "en" if translation.get_language() == "en" else "ja"
    told = {
        "type": f"/problems/{code}",
        "title": kind.title[language],
        "status": status,
        "detail": detail or kind.explanation[language],
        "instance": request_id.get(),
        "code": code,
    }
    return told | {name: value for name, value in (more or {}).items() if name not in told}


def answer(status: int, code: str, more: dict[str, Any] | None = None) -> HttpResponse:
    text = _text(body(status, code, more=more))
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE)


def tell(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: below /api/ the router's, the framework's and a crash's answers are problems."""

    def told(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < 400 or not request.path_info.startswith("/api/"):
            return response
        _drain(request)
        if response.get("Content-Type") != MEDIA_TYPE:
            with translation.override(translation.get_language_from_request(request)):
                _retell(response)
        return response

    return told


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """What `type` of a problem points to."""
    if code not in KINDS:
        raise Http404
    kind, language = KINDS[code], translation.get_language()
    shown = "en" if language == "en" else "ja"
    told = {"code": code, "kind": kind, "phrase": HTTPStatus(kind.status).phrase}
    told |= {"title": kind.title[shown], "explanation": kind.explanation[shown]}
    return render(request, "config/problem.html", told)


def _retell(response: HttpResponse) -> None:
    """Another body; headers such as Allow stay."""
    status = response.status_code
    code = OF_STATUS.get(status, "bad-request" if status < 500 else "server-error")
    response.content = _text(body(status, code))
    response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Content-Length"] = str(len(response.content))


def _drain(request: HttpRequest) -> None:
    """Take in what is still being sent: a caller who is cut off never reads why."""
    left = DRAINED
    with suppress(UnreadablePostError):
        while left > 0 and (taken := request.read(CHUNK)):
            left -= len(taken)


def _text(problem: dict[str, Any]) -> str:
    return json.dumps(problem, ensure_ascii=False, separators=(",", ":"))
