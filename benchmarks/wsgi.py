"""The service, and beside it the floor of everything that answers: a view without middleware."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse

from config.wsgi import application as service

BARE: Final = "/bare"


def bare(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


class Bare(WSGIHandler):
    """Django from the socket to the view and back, with nothing between."""

    def load_middleware(self, is_async: bool = False) -> None:
        """There is none."""

    def get_response(self, request: HttpRequest) -> JsonResponse:
        return bare(request)


floor = Bare()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    handler = floor if environ["PATH_INFO"] == BARE else service
    return handler(environ, start_response)
