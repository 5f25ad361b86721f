from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.work_serializers import WorkOut, WorkQuery
from assessments.models import Assessment
from contractors.api.paging import LongestWaiting
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import ASKERS


class WorkListViewSet(mixins.ListModelMixin, OwnRowsViewSet[Assessment]):
    """What waits for a person of the contractor."""

    queryset = Assessment.objects.undecided().select_related("supplier")
    serializer_class = WorkOut
    pagination_class = LongestWaiting
    read_scope = Scope.ASSESSMENTS_READ
    roles = {"list": ASKERS}
    queries = {"list": WorkQuery}

    def filter_queryset(self, queryset: Any) -> Any:
        if "flag" in self.query:
            return queryset.filter(flags__contains=[self.query["flag"]])
        return queryset

    @extend_schema(operation_id="work_list", parameters=[WorkQuery])
    def list(self, request: Request) -> Response:
        """What was handed in and not accepted by rule, the longest waiting first, with reasons.

        A row leaves the list when it is accepted, returned or taken back, at `assessments/{id}/`.
        Reasons name no answers: `answers:read` is not needed. `flag` keeps rows with that reason.
        """
        return super().list(request)
