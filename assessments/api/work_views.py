from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import working
from assessments.api.work_serializers import WorkOut, WorkQuery
from assessments.models import Assessment
from contractors.api.paging import LongestWaiting
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import ASKERS


class WorkListViewSet(mixins.ListModelMixin, OwnRowsViewSet[Assessment]):
    """What waits for a person of the contractor."""

    queryset = Assessment.objects.undecided()
    serializer_class = WorkOut
    pagination_class = LongestWaiting
    read_scope = Scope.ASSESSMENTS_READ
    roles = {"list": ASKERS}
    queries = {"list": WorkQuery}

    def filter_queryset(self, queryset: Any) -> Any:
        """Words, calls, letters that do not arrive, decisions: in this order."""
        lists = working.lists(self.contractor)
        return lists.having(self.query["flag"]) if "flag" in self.query else lists.all

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        return working.lines(super().paginate_queryset(queryset), now=self.now)

    @extend_schema(operation_id="work_list", parameters=[WorkQuery])
    def list(self, request: Request) -> Response:
        """First the suppliers that wait for a word, then those to be called because the deadline
        passed, then the requests whose mails come back or could not be sent, then what was handed
        in and not accepted by rule; of each the longest waiting first, with reasons.

        A thread leaves the list when a person answers or ends it, answers when they are accepted,
        returned or taken back, at `assessments/{id}/`. Reasons name no answers: `answers:read` is
        not needed. `flag` keeps rows with that reason.
        """
        return super().list(request)
