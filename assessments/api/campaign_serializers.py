from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from assessments import steps
from assessments.api.serializers import QuestionnaireField, RequirementsField, refusal
from assessments.api.warning_serializers import ConfirmerOut, WhoOut
from assessments.gauging import CHOICES, REASONS
from assessments.models import MAILS_PER_MINUTE, UNDO, Campaign, CampaignSupplier, Status
from assessments.timetable import BadSchedule, Schedule
from contractors.api.scoping import Lines, Strict
from contractors.api.showing import TextOut
from suppliers.api.serializers import SupplierQuery
from suppliers.models import Supplier

MOST_IDS: Final = 10_000  # of one call; a filter takes any number


@extend_schema_field(steps.schema())
class ScheduleField(serializers.JSONField):
    """The object of schedule.schema.json; every fault has its own pointer."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            Schedule.parse(data, say=_)
        except BadSchedule as bad:
            raise refusal(bad.faults) from bad
        return data


class SuppliersIn(Strict):
    """Either `ids`, or a `filter` with the names of the suppliers' list. An empty one means all.

    Archived suppliers are taken only where the filter says so.
    """

    ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, min_length=1, max_length=MOST_IDS
    )
    filter = SupplierQuery(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """`rows` are the suppliers that are meant."""
        if ("ids" in attrs) == ("filter" in attrs):
            raise ValidationError(_("Give either ids or a filter."), code="one-of-two")
        rows = Supplier.objects.of(self.context["view"].contractor)
        if "filter" in attrs:
            return {"rows": rows.matching({"status": Supplier.Status.ACTIVE, **attrs["filter"]})}
        named = rows.filter(public_id__in=attrs["ids"])
        self._refuse_unknown(attrs["ids"], set(named.values_list("public_id", flat=True)))
        return {"rows": named}

    def _refuse_unknown(self, ids: list[Any], known: set[Any]) -> None:
        problem = ErrorDetail(_("There is no such supplier."), "does-not-exist")
        if unknown := {str(n): [problem] for n, each in enumerate(ids) if each not in known}:
            raise ValidationError({"ids": unknown})


class CampaignChange(Strict):
    """`at_once`: the first letter does not wait for a Tuesday, Wednesday or Thursday at 10:00.

    `schedule` says when suppliers are written to again; an empty one is the service's own.
    """

    name = serializers.CharField(max_length=200)
    questionnaire = QuestionnaireField()
    due_on = serializers.DateField()
    implement_by = serializers.DateField(required=False, allow_null=True)
    message = Lines(max_length=2000, required=False, allow_blank=True)
    requirements = RequirementsField(required=False)
    schedule = ScheduleField(required=False)
    mails_per_minute = serializers.IntegerField(
        min_value=MAILS_PER_MINUTE[0], max_value=MAILS_PER_MINUTE[1], required=False
    )
    at_once = serializers.BooleanField(required=False)

    def validate_due_on(self, day: Any) -> Any:
        if day <= self.context["view"].today:
            raise ValidationError(_("Give a day after today."), code="past")
        return day


class CampaignIn(CampaignChange):
    suppliers = SuppliersIn(required=False)


class CancelCampaignIn(Strict):
    """Why; it is kept with every request that is taken back."""

    reason = serializers.CharField(max_length=1000)


class CampaignQuery(Strict):
    status = serializers.ChoiceField(Campaign.Status.choices, required=False)


class MemberQuery(Strict):
    """`askable=false`: those that a launch at this moment would leave out."""

    askable = serializers.BooleanField(required=False)


class CampaignCountsOut(serializers.Serializer[Any]):
    """By how far each came: who was accepted was also invited, started and submitted.

    `total` is `waiting` for the launch to reach them, `unasked`, `invited` and `cancelled`
    together. `overdue` and `bounced` are of those who can still answer.
    """

    total = serializers.IntegerField()
    waiting = serializers.IntegerField()
    unasked = serializers.IntegerField()
    invited = serializers.IntegerField()
    started = serializers.IntegerField()
    submitted = serializers.IntegerField()
    accepted = serializers.IntegerField()
    returned = serializers.IntegerField()
    declined = serializers.IntegerField()
    expired = serializers.IntegerField()
    overdue = serializers.IntegerField()
    bounced = serializers.IntegerField()
    cancelled = serializers.IntegerField()


class CampaignWarningOut(serializers.Serializer[Any]):
    """What asking so many `suppliers` is warned of; `examples` are the ids of the first."""

    code = serializers.CharField()
    serious = serializers.BooleanField()
    pointer = serializers.CharField()
    detail = TextOut()
    source = TextOut()  # type: ignore[assignment]  # told, not where it is taken from
    suppliers = serializers.IntegerField()
    examples = serializers.ListField(child=serializers.UUIDField())


class UnaskableOut(serializers.Serializer[Any]):
    """So many `suppliers` would be left out, and why; `examples` are the ids of the first."""

    code = serializers.ChoiceField(CHOICES)
    detail = serializers.SerializerMethodField()
    suppliers = serializers.IntegerField()
    examples = serializers.ListField(child=serializers.UUIDField())

    def get_detail(self, told: dict[str, Any]) -> str:
        return _(REASONS[told["code"]])


class CampaignOut(serializers.ModelSerializer[Campaign]):
    """`undo_until`: a campaign that is cancelled by then is never heard of by a supplier."""

    id = serializers.UUIDField(source="public_id")
    questionnaire = QuestionnaireField()
    counts = serializers.SerializerMethodField()
    launched_by = WhoOut(read_only=True, allow_null=True)
    confirmed_by = ConfirmerOut(read_only=True, allow_null=True)
    undo_until = serializers.SerializerMethodField()
    operation = serializers.UUIDField(source="operation.public_id", allow_null=True, default=None)
    ended_by = WhoOut(read_only=True, allow_null=True)

    class Meta:
        model = Campaign
        fields = [
            "id", "name", "questionnaire", "status", "due_on", "implement_by", "message",
            "requirements", "schedule", "mails_per_minute", "at_once", "counts", "created_at",
            "updated_at", "launched_at", "launched_by", "confirmed_by", "undo_until",
            "first_mail_at", "operation", "ended_at", "ended_by", "closing_note",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CampaignCountsOut)
    def get_counts(self, campaign: Campaign) -> Any:
        return CampaignCountsOut(self.context["counts"][campaign.pk]).data

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_undo_until(self, campaign: Campaign) -> Any:
        return campaign.launched_at and campaign.launched_at + UNDO


class CampaignWholeOut(CampaignOut):
    """`warnings` and `unaskable`: of a draft as they are now, later as when it was launched."""

    warnings = serializers.SerializerMethodField()
    unaskable = serializers.SerializerMethodField()

    class Meta(CampaignOut.Meta):
        fields = [*CampaignOut.Meta.fields, "warnings", "unaskable"]
        read_only_fields = fields

    @extend_schema_field(CampaignWarningOut(many=True))
    def get_warnings(self, campaign: Campaign) -> Any:
        gauged = self.context["gauged"]
        return CampaignWarningOut(gauged.warnings if gauged else campaign.warnings, many=True).data

    @extend_schema_field(UnaskableOut(many=True, allow_null=True))
    def get_unaskable(self, campaign: Campaign) -> Any:
        """Null once it is launched: the operation's result names each."""
        gauged = self.context["gauged"]
        return UnaskableOut(gauged.unaskable, many=True).data if gauged else None


class LaunchPlanOut(serializers.Serializer[Any]):
    """The answer to a dry run: what a launch at this moment would do."""

    askable = serializers.IntegerField(source="gauged.askable")
    first_mail_at = serializers.DateTimeField()
    last_mail_at = serializers.DateTimeField()
    warnings = CampaignWarningOut(source="gauged.warnings", many=True)
    unaskable = UnaskableOut(source="gauged.unaskable", many=True)


class ChosenOut(serializers.Serializer[Any]):
    """How many suppliers this call added or removed, and how many there are now."""

    changed = serializers.IntegerField()
    total = serializers.IntegerField()


class NoticeOut(serializers.Serializer[Any]):
    """For the person's own mailbox, some days before the launch, in the contractor's language."""

    subject = serializers.CharField()
    body = serializers.CharField()


class RehearsedOut(serializers.Serializer[Any]):
    sent_to = serializers.EmailField()
    notice = NoticeOut()


class MemberOut(serializers.ModelSerializer[CampaignSupplier]):
    """A supplier of the campaign and its request; without one, why it cannot be asked now.

    `id` is the supplier's.
    """

    id = serializers.UUIDField(source="supplier.public_id")
    code = serializers.CharField(source="supplier.code")
    name = serializers.CharField(source="supplier.name")
    assessment = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()

    class Meta:
        model = CampaignSupplier
        fields = ["id", "code", "name", "assessment", "status", "reason"]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_assessment(self, member: CampaignSupplier) -> Any:
        request = self.context["requests"].get(member.supplier_id)
        return request and request.public_id

    @extend_schema_field(serializers.ChoiceField(Status.choices, allow_null=True))
    def get_status(self, member: CampaignSupplier) -> Any:
        request = self.context["requests"].get(member.supplier_id)
        return request and request.status

    @extend_schema_field(serializers.ChoiceField(CHOICES, allow_null=True))
    def get_reason(self, member: CampaignSupplier) -> Any:
        return self.context["reasons"].get(member.supplier_id)
