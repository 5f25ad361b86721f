from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from assessments.models import Assessment, Clarification
from assessments.reviewing import Return
from contractors.api.scoping import Lines, Strict

LONGEST: Final = timedelta(days=366)


class QuestionIn(Strict):
    """`number` is an item of the questionnaire that was asked."""

    number = serializers.IntegerField(min_value=1, max_value=999)
    question = Lines(max_length=1000)


class ReturnIn(Strict):
    """At least one item with a question, or a reason about the whole.

    `due_on` is the new last day in Japan, after today and within a year.
    """

    items = QuestionIn(many=True, required=False, max_length=200)  # type: ignore[call-arg]  # the list's
    reason = Lines(max_length=1000, required=False, allow_blank=True)
    due_on = serializers.DateField()

    def validate_items(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        numbers = [each["number"] for each in items]
        if len(set(numbers)) < len(numbers):
            raise ValidationError(_("Name each item once, with one question."), code="repeated")
        return items

    def validate_due_on(self, day: Any) -> Any:
        today = self.context["view"].today
        if day <= today:
            raise ValidationError(_("Give a day after today."), code="past")
        if day > today + LONGEST:
            raise ValidationError(_("Give a day within a year from today."), code="too-far")
        return day

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("items") and not attrs.get("reason"):
            problem = _("Ask about at least one item, or give a reason for the whole.")
            raise ValidationError({"items": [ErrorDetail(problem, "required")]})
        return attrs


def returned(assessment: Assessment, wanted: dict[str, Any]) -> Return:
    """What the body asks of this request. Items that its questionnaire lacks are faults."""
    known = {item.number for item in assessment.questionnaire.parsed().items}
    items = wanted.get("items", [])
    if strange := [place for place, each in enumerate(items) if each["number"] not in known]:
        problem = ErrorDetail(_("The questionnaire has no such item."), "does-not-exist")
        raise ValidationError({"items": {str(place): {"number": [problem]} for place in strange}})
    asked = {each["number"]: each["question"] for each in items}
    return Return(wanted["due_on"], asked, wanted.get("reason", ""))


class ClarificationOut(serializers.ModelSerializer[Clarification]):
    """A question back and its reply. `submission` is what it is about."""

    id = serializers.UUIDField(source="public_id")
    submission = serializers.UUIDField(source="submission.public_id")
    state = serializers.ChoiceField(choices=[each.value for each in Clarification.State])
    asked_by = serializers.JSONField()

    class Meta:
        model = Clarification
        fields = [
            "id", "submission", "number", "question", "state", "asked_at", "asked_by", "reply",
            "replied_at", "resolved_at",
        ]  # fmt: skip
        read_only_fields = fields
