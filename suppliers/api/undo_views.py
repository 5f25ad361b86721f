from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.scoping import OwnRowsViewSet, Strict
from contractors.models import Scope
from contractors.roles import ASKERS
from events.api.operation_serializers import OperationOut
from events.api.operation_views import accepted
from events.models import Operation
from suppliers.api.import_serializers import ImportQuery, PreviewOut
from suppliers.importing import undoing
from suppliers.writing import By


class UndoIn(Strict):
    """One supplier that was changed or used since keeps all as they are, unless
    `only_good_rows` is true.
    """

    only_good_rows = serializers.BooleanField(default=False)


class UndoViewSet(OwnRowsViewSet[Operation]):
    """An import of suppliers or contacts, taken back within 24 hours."""

    queryset = Operation.objects.all()
    serializer_class = OperationOut
    write_scope = Scope.SUPPLIERS_WRITE
    roles = {"undo": ASKERS}
    inputs = {"undo": UndoIn}
    queries = {"undo": ImportQuery}

    @extend_schema(request=UndoIn, responses={200: PreviewOut, 202: OperationOut})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **kwargs: Any) -> Response:
        """Remove what the import registered, put back what it changed: an operation of its own.

        Safe to repeat. `dry_run` tells what would become of each supplier, by its row in the
        sheet, and changes nothing.
        """
        wanted, by = self.wanted(), By(self.actor, self.now)
        imported = self.get_object()
        if self.query["dry_run"]:
            self.question = None  # nothing happened that could happen twice
            return Response(PreviewOut(undoing.check(imported, by=by)).data)
        good = wanted["only_good_rows"]
        return accepted(undoing.begin(imported, only_good_rows=good, by=by))
