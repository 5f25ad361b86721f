from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractors.api.scoping import Strict
from events.models import Operation

IN_A_LIST: Final = 20  # errors of each operation that a list shows
RESULT: Final = "/api/v1/operations/{id}/result/"


class RowsOut(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class RowErrorOut(serializers.Serializer[Any]):
    """`row` is the number that the sheet itself shows; null where it is about the whole."""

    row = serializers.IntegerField(allow_null=True)
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, error: dict[str, Any]) -> str:
        return said(error)


class CountsOut(serializers.Serializer[Any]):
    """Rows by how they ended. `unasked` are suppliers that a campaign could not ask, `removed`
    those of which an undo left nothing; `not_done` are those that a failure or a cancel left out.
    """

    created = serializers.IntegerField(default=0)
    changed = serializers.IntegerField(default=0)
    unchanged = serializers.IntegerField(default=0)
    removed = serializers.IntegerField(default=0)
    faulty = serializers.IntegerField(default=0)
    asked = serializers.IntegerField(default=0)
    unasked = serializers.IntegerField(default=0)
    not_done = serializers.IntegerField(default=0)


class OperationOut(serializers.ModelSerializer[Operation]):
    """`errors` lists the first 1,000 (20 in a list); `errors_total` counts all of them.

    `result_url` is there when it has ended: one JSON line for each row.
    """

    id = serializers.UUIDField(source="public_id")
    progress = RowsOut(source="*")
    counts = CountsOut()
    errors_total = serializers.IntegerField(source="faults")
    errors = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field, not theirs
    result_url = serializers.SerializerMethodField()
    ended_at = serializers.DateTimeField(source="closed_at", allow_null=True)

    class Meta:
        model = Operation
        fields = [
            "id", "kind", "status", "progress", "only_good_rows", "counts", "errors_total",
            "errors", "result_url", "created_at", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(RowErrorOut(many=True))
    def get_errors(self, operation: Operation) -> Any:
        most = self.context.get("most_errors")
        return RowErrorOut(operation.errors[:most], many=True).data

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_result_url(self, operation: Operation) -> str | None:
        if operation.closed_at is None:
            return None
        return settings.BASE_URL + RESULT.format(id=operation.public_id)


class OperationQuery(Strict):
    """Filters of the list; all of them together."""

    kind = serializers.CharField(max_length=40, required=False)
    status = serializers.ChoiceField(Operation.Status.choices, required=False)


def said(error: dict[str, Any]) -> str:
    """The sentence of a kept error, in the reader's language."""
    return _(error["detail"]) % error["values"] if error.get("values") else _(error["detail"])
