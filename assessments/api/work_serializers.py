from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments import deciding
from assessments.deciding import Flag
from assessments.models import Assessment
from contractors.api.scoping import Strict
from contractors.api.showing import TextOut

CODES = [each.value for each in Flag]


class WorkQuery(Strict):
    flag = serializers.ChoiceField(CODES, required=False)


class WorkReasonOut(serializers.Serializer[Any]):
    """Why a person has to look, without a word of what was answered."""

    code = serializers.ChoiceField(CODES)
    detail = TextOut()


class WorkOut(serializers.ModelSerializer[Assessment]):
    """`id` and `number` are those of the request; `submitted_at` is its newest submission's."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField(source="readable_number")
    supplier = serializers.UUIDField(source="supplier.public_id")
    supplier_code = serializers.CharField(source="supplier.code")
    supplier_name = serializers.CharField(source="supplier.name")
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = [
            "id", "number", "supplier", "supplier_code", "supplier_name", "due_on",
            "submitted_at", "reasons",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(WorkReasonOut(many=True))
    def get_reasons(self, assessment: Assessment) -> Any:
        return WorkReasonOut(deciding.reasons(assessment.flags), many=True).data
