from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractors.api.scoping import Clearable, Lines, Strict
from events.api.serializers import ActorOut
from suppliers import days, doubting
from suppliers.models import Certification, CertificationStep, Status
from suppliers.models.certification import SCHEMES
from suppliers.normalising import Unreadable, narrow
from suppliers.registries import REGISTRIES

MOST_SHOWN = 20  # documents of one certification


@extend_schema_field({"type": "string", "examples": ["2026-03-31", "R8.3.31", "2026-03"]})
class DayField(serializers.Field[date, Any, str, Any]):
    """A day as people write it; the refusal is the reader's sentence with an example."""

    def __init__(self, read: Callable[[str], date], **options: Any) -> None:
        super().__init__(**options)
        self.read = read

    def to_internal_value(self, data: Any) -> date:
        try:
            return self.read(data if isinstance(data, str) else "")
        except Unreadable as error:
            raise serializers.ValidationError(_(str(error)), code=error.code) from error

    def to_representation(self, value: date) -> str:
        return value.isoformat()


class Narrowed(Clearable):
    """Kept in narrow characters, which may be more of them than were sent."""

    def run_validation(self, data: Any = serializers.empty) -> str:
        text = super().run_validation(data)
        most = self.max_length or 0
        if len(narrow(text)) > most:
            sentence = self.error_messages["max_length"].format(max_length=most)
            raise serializers.ValidationError(sentence, code="max_length")
        return text


class CertificationChange(Strict):
    """Days are read as people write them: 2026-03-31, 令和8年3月31日, R8.3.31 or 2026-03."""

    number = Narrowed(max_length=100)
    body = Clearable(max_length=200)
    scope = Clearable(max_length=1000)
    edition = Narrowed(max_length=100)
    accreditation = Clearable(max_length=200)
    scope_covers = serializers.ChoiceField(Certification.ScopeCovers.choices, required=False)
    issued_on = DayField(days.start, required=False, allow_null=True)
    valid_until = DayField(days.end, required=False, allow_null=True)
    note = Clearable(max_length=1000)
    evidence = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_SHOWN
    )


class CertificationIn(CertificationChange):
    scheme = serializers.ChoiceField(SCHEMES)


class RenewIn(CertificationChange):
    """The new certificate, or with `renewal_filed_on` the proof that one was asked for."""

    renewal_filed_on = DayField(days.start, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("renewal_filed_on") and (attrs.get("valid_until") or attrs.get("issued_on")):
            sentence = _("Give either the days of the new certificate or the day of filing.")
            raise serializers.ValidationError({"renewal_filed_on": [sentence]}, code="either-or")
        return attrs


class VerifyIn(Strict):
    """What a person found when comparing it with a document. `points` for other schemes only."""

    scope_covers = serializers.ChoiceField(["yes", "no"])
    points = serializers.DecimalField(
        max_digits=3, decimal_places=2, min_value=0, max_value=6, required=False, allow_null=True
    )
    document = serializers.UUIDField(required=False, allow_null=True)
    note = Clearable(max_length=1000)


class RejectIn(Strict):
    reason = Lines(max_length=1000)


class WarningOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, doubt: doubting.Doubt) -> str:
        return _(doubt.detail)


class RegistryOut(serializers.Serializer[Any]):
    """A public place where it can be looked up."""

    name = serializers.SerializerMethodField()
    url = serializers.URLField()

    def get_name(self, registry: Any) -> str:
        return str(registry.name["en" if get_language() == "en" else "ja"])


class CertificationOut(serializers.ModelSerializer[Certification]):
    id = serializers.UUIDField(source="public_id")
    supplier = serializers.UUIDField(source="supplier.public_id")
    status = serializers.SerializerMethodField()
    verified_by = ActorOut(allow_null=True)
    evidence = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    registry = serializers.SerializerMethodField()

    class Meta:
        model = Certification
        fields = [
            "id", "supplier", "scheme", "number", "body", "scope", "edition", "accreditation",
            "scope_covers", "issued_on", "valid_until", "status", "source", "verified_at",
            "verified_by", "note", "evidence", "warnings", "registry",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(Status.choices))
    def get_status(self, row: Certification) -> str:
        return row.status_on(self.context["today"]).value

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_evidence(self, row: Certification) -> list[str]:
        """Files that were removed stay named: they were shown."""
        shown = sorted(row.shown.all(), key=lambda each: each.pk)  # the same bytes every time
        return [str(each.evidence.public_id) for each in shown]

    @extend_schema_field(WarningOut(many=True))
    def get_warnings(self, row: Certification) -> Any:
        """For a row that was rejected or taken back there is nothing left to look at."""
        if row.status_on(self.context["today"]) in {Status.REJECTED, Status.WITHDRAWN}:
            return []
        shown = any(each.evidence.removed_at is None for each in row.shown.all())
        found = doubting.doubts(
            row.printed(),
            shown=shown,
            reconfirm_on=row.reconfirm_on,
            pending_until=row.pending_until,
            today=self.context["today"],
        )
        return WarningOut(found, many=True).data

    @extend_schema_field(RegistryOut(allow_null=True))
    def get_registry(self, row: Certification) -> Any:
        registry = REGISTRIES.get(row.scheme)
        return RegistryOut(registry).data if registry else None


class StepOut(serializers.ModelSerializer[CertificationStep]):
    """Who did what; of a check, against which document and with what result."""

    id = serializers.UUIDField(source="public_id")
    actor = ActorOut()
    document = serializers.UUIDField(source="document.public_id", default=None)
    scope_covers = serializers.CharField(source="detail.scope_covers", default=None)
    points = serializers.SerializerMethodField()
    changed = serializers.ListField(
        source="detail.changed", child=serializers.CharField(), default=[]
    )
    reason = serializers.SerializerMethodField()

    class Meta:
        model = CertificationStep
        fields = [
            "id", "act", "at", "actor", "document", "scope_covers", "points", "changed", "reason",
        ]  # fmt: skip
        read_only_fields = fields

    def get_points(self, step: CertificationStep) -> str | None:
        points = step.detail.get("points")
        return None if points is None else f"{points / 100:.2f}"

    def get_reason(self, step: CertificationStep) -> str | None:
        rejected = step.act == CertificationStep.Act.REJECTED
        return step.certification.rejection_reason if rejected else None


class CertificationQuery(Strict):
    """Filters of the lists; all of them together."""

    scheme = serializers.ChoiceField(SCHEMES, required=False)
    status = serializers.ChoiceField(Status.choices, required=False)
    expires_before = serializers.DateField(required=False)
