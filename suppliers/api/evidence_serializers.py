from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractors.api.scoping import Strict
from events.api.serializers import ActorOut
from suppliers.evidence import sentences
from suppliers.models import Evidence


@extend_schema_field({"type": "string", "format": "binary"})
class UploadField(serializers.Field[Any, Any, Any, Any]):
    """One file of a form. What it is, and whether it is taken, `keeping` finds out."""

    default_error_messages = {
        "invalid": gettext_lazy("Send a file here, as a part of the form with a file name."),
    }

    def to_internal_value(self, data: Any) -> "UploadedFile[Any]":
        if not isinstance(data, UploadedFile):
            self.fail("invalid")
        return data


class EvidenceIn(Strict):
    """A form (`multipart/form-data`) with one part: a file of at most 20 MB."""

    file = UploadField()


class EvidenceWarningOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class EvidenceOut(serializers.ModelSerializer[Evidence]):
    """`digest` is the SHA-256 of what is downloaded; `scan` is what the virus scanner said.

    `name` is empty for callers to whom the supplier did not open the file.
    """

    id = serializers.UUIDField(source="public_id")
    supplier = serializers.UUIDField(source="supplier.public_id")
    name = serializers.SerializerMethodField()
    uploaded_by = ActorOut()
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields = [
            "id", "supplier", "name", "media_type", "size", "digest", "scan", "warnings",
            "uploaded_at", "uploaded_by",
        ]  # fmt: skip
        read_only_fields = fields

    def get_name(self, evidence: Evidence) -> str:
        view = self.context.get("view")
        if view is None:  # told among answers that are open
            return evidence.name
        return evidence.name if view.key.reads_as() in view.opened_to(evidence) else ""

    @extend_schema_field(EvidenceWarningOut(many=True))
    def get_warnings(self, evidence: Evidence) -> Any:
        return [{"code": code, "detail": sentences.warning(code)} for code in evidence.warnings]
