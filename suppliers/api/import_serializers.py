from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractors.api.scoping import Strict
from events.api.operation_serializers import CountsOut, RowErrorOut
from events.operation import MOST_ERRORS
from suppliers.api.evidence_serializers import UploadField
from suppliers.importing.beginning import IMPORTS
from suppliers.importing.planning import Plan


class ImportIn(Strict):
    """A form (`multipart/form-data`): an XLSX or CSV of at most 10,000 rows, and what it holds.

    One faulty row keeps all of them out, unless `only_good_rows` is true.
    """

    file = UploadField()
    kind = serializers.ChoiceField(list(IMPORTS))
    only_good_rows = serializers.BooleanField(default=False)


class ImportQuery(Strict):
    """`dry_run=true` tells what would become of each row, and changes nothing."""

    dry_run = serializers.BooleanField(default=False)


class PreviewOut(serializers.Serializer[Plan]):
    """What an import would do. `errors` lists the first 1,000; `errors_total` counts all."""

    total = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()
    errors_total = serializers.SerializerMethodField()
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field, not theirs

    def get_total(self, plan: Plan) -> int:
        return len(plan.outcomes)

    @extend_schema_field(CountsOut)
    def get_counts(self, plan: Plan) -> Any:
        return CountsOut(plan.counts()).data

    def get_errors_total(self, plan: Plan) -> int:
        return len(plan.errors())

    @extend_schema_field(RowErrorOut(many=True))
    def get_errors(self, plan: Plan) -> Any:
        return RowErrorOut(plan.errors()[:MOST_ERRORS], many=True).data
