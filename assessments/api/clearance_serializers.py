from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from assessments.clearance import Status, Turn
from assessments.models import Hold
from assessments.models.hold import MOST_MONTHS, NOTICE
from contractors.api.scoping import Lines, Strict
from contractors.api.showing import TextOut
from contractors.models import User
from events.api.serializers import ActorOut
from ratings.judging import months_after
from ratings.models import Grade, Level

MOST = 2000  # characters


class ClearanceReasonOut(serializers.Serializer[Any]):
    """Why a person should look before ordering, and whose turn it is."""

    code = serializers.CharField()
    detail = TextOut()
    turn = serializers.ChoiceField([each.value for each in Turn])


class ClearancePolicyOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    version = serializers.CharField()
    digest = serializers.CharField()


class ClearanceOut(serializers.Serializer[Any]):
    """`cleared` is all that a simple system needs; `valid_until` is the last day of this answer.

    `level`, `grade`, `as_of` are of the supplier's standing. Orders already placed are untouched.
    """

    status = serializers.ChoiceField([each.value for each in Status], source="clearance.status")
    cleared = serializers.BooleanField(source="clearance.cleared")
    reasons = ClearanceReasonOut(source="clearance.reasons", many=True)
    level = serializers.ChoiceField(Level.choices, source="clearance.level")
    grade = serializers.ChoiceField(Grade.choices, allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateField(source="clearance.valid_until", allow_null=True)
    applies_to = serializers.SerializerMethodField()
    policy = ClearancePolicyOut()

    @extend_schema_field({"type": "string", "enum": ["new_orders"]})
    def get_applies_to(self, _told: Any) -> str:
        return "new_orders"


class HoldIn(Strict):
    """A person's decision. Days are days in Japan; `until_on` is the last one."""

    reason = Lines(max_length=MOST)
    from_on = serializers.DateField()
    until_on = serializers.DateField()
    told_on = serializers.DateField()
    urgency = serializers.ChoiceField(Hold.Urgency.choices, required=False, allow_null=True)
    supplier_reply = Lines(max_length=MOST, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        today = self.context["view"].today
        if errors := {name: [error] for name, error in _refused(attrs, today)}:
            raise ValidationError(errors)
        return attrs


def _refused(attrs: dict[str, Any], today: Any) -> Iterator[tuple[str, ErrorDetail]]:
    """One sentence a field, the first that applies."""
    begin, end, told = attrs["from_on"], attrs["until_on"], attrs["told_on"]
    if begin < today:
        yield "from_on", ErrorDetail(_("This day is over. Give a day from today on."), "past")
    if end < begin:
        yield "until_on", ErrorDetail(_("The last day lies before the first."), "before-it-began")
    elif end > _longest(begin):
        sentence = _("A hold lasts 6 months at most. Decide anew after that.")
        yield "until_on", ErrorDetail(sentence, "too-long")
    if told > today:
        sentence = _("Tell the supplier first, then give the day on which it was told.")
        yield "told_on", ErrorDetail(sentence, "future")
    elif attrs.get("urgency") is None and told + NOTICE > begin:
        sentence = _(
            "The supplier is told 30 days before the first day, unless an incident or danger"
            " is stated in urgency and explained in reason."
        )
        yield "told_on", ErrorDetail(sentence, "too-late")


def _longest(begin: Any) -> Any:
    try:
        return months_after(begin, MOST_MONTHS)
    except ValueError:  # beyond the calendar
        return begin


class ReleaseIn(Strict):
    reason = Lines(max_length=MOST)


class HoldOut(serializers.ModelSerializer[Hold]):
    id = serializers.UUIDField(source="public_id")
    supplier = serializers.UUIDField(source="supplier.public_id")
    urgency = serializers.ChoiceField(Hold.Urgency.choices, allow_null=True)
    status = serializers.SerializerMethodField()
    decided_by = serializers.SerializerMethodField()
    released_by = serializers.SerializerMethodField()

    class Meta:
        model = Hold
        fields = [
            "id", "supplier", "status", "reason", "from_on", "until_on", "told_on", "urgency",
            "supplier_reply", "decided_at", "decided_by", "released_at", "released_by",
            "release_reason",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(Hold.Status.choices))
    def get_status(self, hold: Hold) -> str:
        """On this day in Japan."""
        return hold.status_on(self.context["view"].today).value

    @extend_schema_field(ActorOut)
    def get_decided_by(self, hold: Hold) -> Any:
        return _person(hold.decided_by)

    @extend_schema_field(ActorOut(allow_null=True))
    def get_released_by(self, hold: Hold) -> Any:
        return _person(hold.released_by) if hold.released_by else None


def _person(user: User) -> dict[str, str]:
    return {"type": "user", "id": str(user.public_id)}
