from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from assessments import requirements, telling
from assessments.api.consultation_serializers import NewestConsultationOut
from assessments.api.warning_serializers import (
    AssessmentWarningOut,
    ConfirmerOut,
    SendIn,
    WhoOut,
    warnings,
)
from assessments.conforming import Fault
from assessments.models import Assessment, DeclineReason, Status, Submission
from contractors.api.pointing import nested
from contractors.api.scoping import Clearable, Lines, OwnRowField, Strict
from contractors.roles import Role
from questionnaires.models import Questionnaire
from ratings.api.serializers import RatingWithoutAnswersOut
from suppliers.models import Contact, Supplier

RATED: Final = RatingWithoutAnswersOut()  # for every row of a list: to build one takes milliseconds


@extend_schema_field(requirements.schema())
class RequirementsField(serializers.JSONField):
    """The object of requirements.schema.json; every fault has its own pointer."""

    def to_internal_value(self, data: Any) -> Any:
        if found := list(requirements.faults(data, say=_)):
            raise refusal(found)
        return data


def refusal(faults: Iterable[Fault]) -> ValidationError:
    """All of them, each at its place."""
    errors = [(fault.path, ErrorDetail(fault.detail, fault.code)) for fault in faults]
    whole = [detail for path, detail in errors if not path]
    inside = nested((path, detail) for path, detail in errors if path)
    return ValidationError(inside | ({"non_field_errors": whole} if whole else {}))


@extend_schema_field({"type": "string"})
class QuestionnaireField(serializers.Field[Questionnaire, str, str, Any]):
    """A key, which means its newest published version, or the public id of a version."""

    def to_internal_value(self, data: Any) -> Questionnaire:
        if not isinstance(data, str):
            raise ValidationError(
                _("Give a key like ipa-self-diagnosis, or an id."), code="invalid"
            )
        rows = Questionnaire.objects.of(self.context["view"].contractor).published()
        found = rows.filter(public_id=data).first() if _is_id(data) else rows.newest(data)
        if found is None:
            raise ValidationError(_("There is no such questionnaire."), code="does-not-exist")
        return found

    def to_representation(self, value: Questionnaire) -> str:
        return value.key if value.contractor_id is None else str(value.public_id)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class AssessmentIn(SendIn):
    supplier = OwnRowField(Supplier.objects.all())
    contact = OwnRowField(Contact.objects.all(), required=False)
    questionnaire = QuestionnaireField()
    due_on = serializers.DateField()
    implement_by = serializers.DateField(required=False, allow_null=True)
    message = Lines(max_length=2000, required=False, allow_blank=True)
    send = serializers.BooleanField(default=True)
    requirements = RequirementsField(required=False)

    def validate_due_on(self, day: Any) -> Any:
        if day < self.context["view"].today:
            raise ValidationError(_("This day is over. Give a day from today on."), code="past")
        return day

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        supplier, contact = attrs["supplier"], attrs.get("contact")
        if supplier.status == Supplier.Status.ARCHIVED:
            problem = _("This supplier is archived. Restore it before you ask it.")
            raise ValidationError({"supplier": [ErrorDetail(problem, "supplier-archived")]})
        if contact is not None and contact.supplier_id != supplier.pk:
            problem = _("This contact is not one of the supplier's.")
            raise ValidationError({"contact": [ErrorDetail(problem, "does-not-exist")]})
        attrs["contact"] = contact or supplier.contacts.reachable().first()
        if attrs["contact"] is None:
            problem = _("This supplier has no contact with a mail address that works.")
            raise ValidationError({"supplier": [ErrorDetail(problem, "no-contact")]})
        return attrs


class CancelIn(Strict):
    reason = Clearable(max_length=1000)


class ProgressOut(serializers.Serializer[Any]):
    answered = serializers.IntegerField()
    total = serializers.IntegerField()


class MoveOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(Status.choices)
    at = serializers.DateTimeField()
    actor = serializers.JSONField()
    request_id = serializers.CharField()


class AssessmentOut(serializers.ModelSerializer[Assessment]):
    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField(source="readable_number")
    answers_seen_by = serializers.SerializerMethodField()
    sent_by = WhoOut(read_only=True, allow_null=True)
    confirmed_by = ConfirmerOut(read_only=True, allow_null=True)
    decided_by = WhoOut(read_only=True, allow_null=True)
    supplier = serializers.UUIDField(source="supplier.public_id")
    contact = serializers.UUIDField(source="contact.public_id")
    campaign = serializers.UUIDField(source="campaign.public_id", allow_null=True, default=None)
    questionnaire = QuestionnaireField()
    decline_reason = serializers.ChoiceField(
        DeclineReason.choices, allow_blank=True, read_only=True
    )
    progress = serializers.SerializerMethodField()
    rating = serializers.SerializerMethodField()
    certification = serializers.SerializerMethodField()
    consultation = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = [
            "id", "number", "supplier", "contact", "campaign", "questionnaire", "status", "due_on",
            "original_due_on", "extensions", "extension_reason",
            "implement_by", "message", "requirements", "answers_seen_by", "progress",
            "requested_at", "invited_at", "sent_by", "confirmed_by", "link_sent_at",
            "started_at", "submitted_at",
            "decided_at", "decided_by", "return_reason", "decline_reason",
            "closing_note", "rating", "certification", "consultation", "warnings", "history",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Role.choices)))
    def get_answers_seen_by(self, assessment: Assessment) -> list[str]:
        """Who may read single answers and files: as told to the supplier, or the usual roles."""
        return sorted(assessment.readers())

    @extend_schema_field(ProgressOut)
    def get_progress(self, assessment: Assessment) -> Any:
        total = len(assessment.questionnaire.parsed().items)
        return {"answered": self.context["answered"][assessment.pk], "total": total}

    @extend_schema_field(RatingWithoutAnswersOut(allow_null=True))
    def get_rating(self, assessment: Assessment) -> Any:
        """Of the newest submission, for keys that may read ratings; drivers stand at `rating/`."""
        submission = telling.newest(assessment)
        if submission is None or submission.rating is None or not self.context["ratings"]:
            return None
        return RATED.to_representation(submission.rating)

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_certification(self, assessment: Assessment) -> Any:
        """The one that was handed in instead of answers, if the newest submission is one."""
        submission = telling.newest(assessment)
        return _alone(submission) if submission else None

    @extend_schema_field(NewestConsultationOut(allow_null=True))
    def get_consultation(self, assessment: Assessment) -> Any:
        """The newest thread about it; all stand at `consultations/`."""
        newest = self.context["talks"].get(assessment.pk)
        return NewestConsultationOut(newest).data if newest else None

    @extend_schema_field(AssessmentWarningOut(many=True))
    def get_warnings(self, assessment: Assessment) -> Any:
        return warnings(assessment)

    @extend_schema_field(MoveOut(many=True))
    def get_history(self, assessment: Assessment) -> Any:
        moves = self.context["histories"][assessment.public_id]
        return MoveOut(moves, many=True).data


class AssessmentQuery(Strict):
    status = serializers.ChoiceField(Status.choices, required=False)
    supplier = serializers.UUIDField(required=False)
    campaign = serializers.UUIDField(required=False)


def _alone(submission: Submission) -> UUID | None:
    return submission.certification.public_id if submission.certification else None


class SubmissionOut(serializers.ModelSerializer[Submission]):
    """`certification` is the id of one that was handed in instead of answers."""

    id = serializers.UUIDField(source="public_id")
    rating = serializers.SerializerMethodField()
    certification = serializers.SerializerMethodField()

    class Meta:
        model = Submission
        fields = ["id", "number", "digest", "receipt", "submitted_at", "rating", "certification"]
        read_only_fields = fields

    @extend_schema_field(RatingWithoutAnswersOut(allow_null=True))
    def get_rating(self, submission: Submission) -> Any:
        if submission.rating is None or not self.context["ratings"]:
            return None
        return RATED.to_representation(submission.rating)

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_certification(self, submission: Submission) -> Any:
        return _alone(submission)
