import json
from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.rendering import UTCRenderer
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import ASKERS
from events import operating
from events.api.operation_serializers import (
    IN_A_LIST,
    OperationOut,
    OperationQuery,
    RowErrorOut,
)
from events.models import Operation, subject

LINES: Final = "application/x-ndjson"
RETRY_AFTER: Final = "2"  # seconds


class LinesRenderer(UTCRenderer):
    """For callers that ask for lines alone; a problem is JSON all the same."""

    media_type = LINES


class OperationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[Operation]):
    """Long work: how far it is, what came of each row, and its end before the last one."""

    queryset = Operation.objects.all()
    serializer_class = OperationOut
    read_scope = Scope.SUPPLIERS_READ  # whatever is done so far is about suppliers
    write_scope = Scope.SUPPLIERS_WRITE
    roles = {"list": ASKERS, "retrieve": ASKERS, "cancel": ASKERS, "result": ASKERS}
    queries = {"list": OperationQuery}

    def get_serializer_context(self) -> dict[str, Any]:
        most = IN_A_LIST if getattr(self, "action", None) == "list" else None
        return {**super().get_serializer_context(), "most_errors": most}

    def filter_queryset(self, queryset: Any) -> Any:
        named = {"kind", "status"} & self.query.keys()
        return queryset.filter(**{name: self.query[name] for name in named})

    @extend_schema(parameters=[OperationQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """No further row is done. What is done stays: the result names it.

        The launch of a campaign ends with `campaigns/{id}/cancel/` alone (`part-of-campaign`).
        """
        operation = operating.cancel_alone(self.get_object(), now=self.now)
        return Response(self.get_serializer(operation).data)

    @extend_schema(responses={(200, LINES): OpenApiTypes.STR})
    @action(detail=True, methods=["get"], renderer_classes=[UTCRenderer, LinesRenderer])
    def result(self, request: Request, **kwargs: Any) -> HttpResponse:
        """A JSON line `{row, status, subject, errors}` for each row that is done so far."""
        text = "".join(_lines(self.get_object()))
        return HttpResponse(text, content_type=LINES, headers={"Cache-Control": "no-store"})


def accepted(operation: Operation) -> Response:
    """202: it is owed, and this is where to look."""
    headers = {
        "Location": f"/api/v1/operations/{operation.public_id}/",
        "Retry-After": RETRY_AFTER,
    }
    return Response(OperationOut(operation).data, status.HTTP_202_ACCEPTED, headers=headers)


def _lines(operation: Operation) -> Iterator[str]:
    done = operation.chunks.filter(done=True).order_by("position")
    for outcomes in done.values_list("outcomes", flat=True):
        for each in outcomes:
            about = subject(*each["subject"]) if each["subject"] else None
            errors = RowErrorOut(each["errors"], many=True).data
            line = {"row": each["row"], "status": each["status"], "subject": about}
            yield json.dumps(line | {"errors": errors}, ensure_ascii=False) + "\n"
