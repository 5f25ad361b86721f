"""The service, and beside it the floor of everything that answers: a view without middleware."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from config.wsgi import application as service

# isort: split
from config.urls import urlpatterns  # needs the Django that the import above has set up
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Contractor, Scope

BARE: Final = "/bare"
AUTHENTICATED: Final = "/authenticated"


class Authenticated(OwnRowsViewSet[Contractor]):
    """The service's own middleware, key and transaction, and nothing asked beyond them."""

    queryset = Contractor.objects.all()
    read_scope = Scope.RATINGS_READ
    paged = ()

    def retrieve(self, request: Request) -> Response:
        return Response({"status": "ok"})


urlpatterns.append(path(AUTHENTICATED[1:], Authenticated.as_view({"get": "retrieve"})))


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
