"""A rating on the wire. Points are strings with two decimals, IPA's totals are integers."""

from typing import Any, Final

from rest_framework import serializers

from contractors.api.showing import TextOut
from ratings.models import Cause, Rating

BY_ITEM: Final = ("item_", "basic_")  # drivers that tell an answer


class DriverOut(serializers.Serializer[Any]):
    """Why the score is what it is. The points of all drivers add up to the score."""

    code = serializers.CharField()
    points = serializers.DecimalField(max_digits=5, decimal_places=2)
    most = serializers.DecimalField(max_digits=5, decimal_places=2)
    detail = TextOut()
    evidence = serializers.ListField(child=serializers.CharField())


class ReasonOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = TextOut()


class ConfidenceOut(serializers.Serializer[Any]):
    value = serializers.ChoiceField(choices=["high", "medium", "low"])
    reasons = ReasonOut(many=True)


class SelfDiagnosisOut(serializers.Serializer[Any]):
    """IPA's own arithmetic. `unknowns` is left out for callers without `answers:read`."""

    total = serializers.IntegerField()
    band = serializers.CharField()
    parts = serializers.DictField(child=serializers.IntegerField())
    unknowns = serializers.ListField(child=serializers.IntegerField(), required=False)


class PolicyOut(serializers.Serializer[Any]):
    key = serializers.CharField(source="policy_key")
    version = serializers.CharField(source="policy_version")
    digest = serializers.CharField(source="policy_digest")


class RatingOut(serializers.ModelSerializer[Rating]):
    """For callers with `answers:read`. `select_related("supplier", "submission__assessment")`.

    Once the answers were erased, since `erased_at`, score, grade and level are left: no drivers,
    and null for what else was summed from them.
    """

    id = serializers.UUIDField(source="public_id")
    supplier = serializers.UUIDField(source="supplier.public_id")
    # The submission belongs to the app above; it points here, and only its name is known.
    assessment = serializers.UUIDField(source="submission.assessment.public_id", allow_null=True)
    flags = serializers.ListField(source="told.flags", child=serializers.CharField())
    confidence = ConfidenceOut(source="told.confidence", allow_null=True)
    self_diagnosis = SelfDiagnosisOut(source="told.self_diagnosis", allow_null=True)
    drivers = DriverOut(source="told.drivers", many=True)
    policy = PolicyOut(source="*")
    cause = serializers.ChoiceField(Cause.choices)
    input_digest = serializers.CharField(required=False)
    erased_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Rating
        fields: tuple[str, ...] = (
            "id",
            "supplier",
            "assessment",
            "score",
            "grade",
            "level",
            "level_at_least",
            "flags",
            "confidence",
            "exposure",
            "self_diagnosis",
            "drivers",
            "policy",
            "cause",
            "input_digest",
            "as_of",
            "erased_at",
        )


class RatingWithoutAnswersOut(RatingOut):
    """For callers without `answers:read`: part sums, person, proof and level remain.

    The digest goes, too: whoever knows the rest could try answers until one gives it.
    """

    def to_representation(self, instance: Rating) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        told["drivers"] = [it for it in told["drivers"] if not it["code"].startswith(BY_ITEM)]
        if told["self_diagnosis"] is not None:
            del told["self_diagnosis"]["unknowns"]
        del told["input_digest"]
        return told
