from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.problems import StorageUnavailable
from contractors.api.scoping import OwnRowsViewSet
from contractors.api.uploading import FormParser
from contractors.models import Scope
from contractors.roles import ASKERS
from events.api.operation_serializers import OperationOut
from events.api.operation_views import accepted
from events.models import Operation
from suppliers.api.evidence_views import AROUND_THE_FILE
from suppliers.api.import_serializers import ImportIn, ImportQuery, PreviewOut
from suppliers.evidence import kinds
from suppliers.evidence.kinds import Unacceptable
from suppliers.evidence.storing import StorageAway
from suppliers.importing import beginning, sentences
from suppliers.importing.heading import Misheaded
from suppliers.writing import By


class ImportViewSet(OwnRowsViewSet[Operation]):
    """Sheets whose rows become ours: suppliers, contacts, certifications."""

    queryset = Operation.objects.all()
    serializer_class = OperationOut
    parser_classes = [FormParser]
    most_bytes = kinds.MOST_BYTES + AROUND_THE_FILE
    write_scope = Scope.SUPPLIERS_WRITE
    roles = {"create": ASKERS}
    inputs = {"create": ImportIn}
    queries = {"create": ImportQuery}
    idempotency_required = ("create",)

    @extend_schema(request=ImportIn, responses={200: PreviewOut, 202: OperationOut})
    def create(self, request: Request) -> Response:
        """Owe the rows to the workers, or with `dry_run` only tell what would become of them."""
        wanted, by = self.wanted(), By(self.actor, self.now)
        with _told_of_the_file():
            sheet = beginning.read(wanted["file"], wanted["kind"])
        if self.query["dry_run"]:
            self.question = None  # nothing happened that could happen twice
            return Response(PreviewOut(beginning.check(self.contractor, sheet, by=by)).data)
        good = wanted["only_good_rows"]
        return accepted(beginning.begin(self.contractor, sheet, only_good_rows=good, by=by))


@contextmanager
def _told_of_the_file() -> Iterator[None]:
    """What is wrong with the file or its columns is an error of the form's part."""
    details: list[Any] = []
    try:
        yield
    except Unacceptable as refusal:
        details = [ErrorDetail(sentences.refusal(refusal), refusal.code)]
    except Misheaded as error:
        details = [ErrorDetail(sentences.fault(each), each.code) for each in error.faults]
    except StorageAway as error:
        raise StorageUnavailable from error
    if details:
        raise ValidationError({"file": details})
