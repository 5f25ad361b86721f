from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import DECIDERS
from retention import reporting
from retention.api.serializers import RetentionReportOut
from retention.models import Erasure


class RetentionViewSet(OwnRowsViewSet[Erasure]):
    """What will be erased when. Nothing is erased by asking."""

    queryset = Erasure.objects.all()
    serializer_class = RetentionReportOut
    read_scope = Scope.AUDIT_READ
    roles = {"retrieve": DECIDERS}
    paged = ()

    @extend_schema(responses=RetentionReportOut, operation_id="retention_retrieve")
    def retrieve(self, request: Request) -> Response:
        """By kind and month in Japan, the earliest first. Of contacts it is the earliest month:

        who was active since is kept longer.
        """
        told = reporting.planned(self.contractor, now=self.now)
        return Response(RetentionReportOut(told).data)
