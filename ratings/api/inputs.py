"""What callers ask of ratings: filters of the list, and what would be otherwise."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from contractors.api.scoping import OwnRowField, Strict
from ratings.facts import SCOPES, STATUSES, Certification
from ratings.models import Cause, Grade, Level
from ratings.supposing import Change
from ratings.wording import SCHEMES, VALUES
from suppliers.models import Supplier

NUMBERS = frozenset(map(str, range(1, 26)))


class RatingQuery(Strict):
    """Filters of the list; all of them together."""

    supplier = serializers.UUIDField(required=False)
    level = serializers.ChoiceField(Level.choices, required=False)
    grade = serializers.ChoiceField(Grade.choices, required=False)
    cause = serializers.ChoiceField(Cause.choices, required=False)
    updated_since = serializers.DateTimeField(required=False)


class AnswersField(serializers.DictField):
    """Values by the number of the item, as text."""

    child = serializers.ChoiceField(list(VALUES))

    def to_internal_value(self, data: Any) -> dict[int, str]:
        values = super().to_internal_value(data)
        if unknown := sorted(set(values) - NUMBERS):
            sentence = _("There is no such item. The items are numbered 1 to 25.")
            raise ValidationError(
                {name: [ErrorDetail(sentence, "unknown-item")] for name in unknown}
            )
        return {int(number): value for number, value in values.items()}


class SupposedCertificationIn(Strict):
    """`points` for other schemes only, as whoever verifies one sets them."""

    scheme = serializers.ChoiceField(list(SCHEMES))
    status = serializers.ChoiceField(sorted(STATUSES))
    has_document = serializers.BooleanField(default=False)
    scope_covers = serializers.ChoiceField(sorted(SCOPES), default="unknown")
    points = serializers.DecimalField(
        max_digits=3, decimal_places=2, min_value=0, max_value=6, default=Decimal(0)
    )

    def validate(self, attrs: dict[str, Any]) -> Any:
        return Certification(**attrs | {"points": int(attrs["points"] * 100)})


class WhatIfIn(Strict):
    """Without a supplier all 25 answers, or none; with one only what would be otherwise."""

    supplier = OwnRowField(Supplier.objects.all(), required=False, allow_null=True)
    answers = AnswersField(required=False)
    person = serializers.BooleanField(required=False)
    certifications = serializers.ListField(
        child=SupposedCertificationIn(), required=False, max_length=50
    )
    handles_personal_data = serializers.BooleanField(required=False)
    exposure = serializers.IntegerField(min_value=0, max_value=3, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        held = attrs.pop("certifications", None)
        supplier = attrs.pop("supplier", None)
        change = Change(**attrs, certifications=None if held is None else tuple(held))
        return {"supplier": supplier, "change": change}
