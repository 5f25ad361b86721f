"""How a supplier stands today, and how it came to it, on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ratings import judging, telling
from ratings.api.advice_serializers import ActionOut, StarOut
from ratings.api.serializers import (
    ConfidenceOut,
    PolicyOut,
    RatingOut,
    RatingWithoutAnswersOut,
)
from ratings.models import Cause, Level, Rating
from ratings.telling import Standing


class PastRatingOut(serializers.ModelSerializer[Rating]):
    """A rating in short. `stands`: it became the standing when it was made."""

    id = serializers.UUIDField(source="public_id")
    assessment = serializers.UUIDField(source="submission.assessment.public_id", allow_null=True)
    cause = serializers.ChoiceField(Cause.choices)
    policy = PolicyOut(source="*")

    class Meta:
        model = Rating
        fields = (
            "id", "assessment", "cause", "stands", "score", "grade", "level", "level_at_least",
            "policy", "as_of",
        )  # fmt: skip


class HistoryOut(serializers.Serializer[Any]):
    results = PastRatingOut(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class StandingOut(serializers.Serializer[Any]):
    """Who was never rated stands at `unknown`, and grade, score and what follows are null."""

    supplier = serializers.UUIDField(source="supplier.public_id")
    level = serializers.ChoiceField(
        Level.choices, source="basis.sum.level", default=judging.UNKNOWN
    )
    level_at_least = serializers.ChoiceField(
        Level.choices, source="basis.sum.level_at_least", default=judging.UNKNOWN
    )
    grade = serializers.CharField(source="basis.sum.grade", allow_null=True)
    score = serializers.DecimalField(
        source="basis.sum.points", max_digits=5, decimal_places=2, allow_null=True
    )
    confidence = ConfidenceOut(source="basis.sum.confidence.plain", allow_null=True)
    flags = serializers.ListField(source="basis.sum.flags", default=[])
    exposure = serializers.IntegerField(source="basis.sum.exposure", allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True)
    suggested_scs_star = serializers.IntegerField(
        source="supplier.suggested_scs_star", allow_null=True
    )
    rating = serializers.SerializerMethodField()

    @extend_schema_field(RatingWithoutAnswersOut(allow_null=True))
    def get_rating(self, standing: Standing) -> Any:
        return RatingWithoutAnswersOut(standing.rating).data if standing.rating else None


class AdvisedStandingOut(StandingOut):
    """For callers with `answers:read`: every driver, what to do next, SECURITY ACTION's stars."""

    next_actions = serializers.SerializerMethodField()
    security_action = serializers.SerializerMethodField()

    @extend_schema_field(RatingOut(allow_null=True))
    def get_rating(self, standing: Standing) -> Any:
        return RatingOut(standing.rating).data if standing.rating else None

    @extend_schema_field(ActionOut(many=True))
    def get_next_actions(self, standing: Standing) -> Any:
        found = telling.actions_today(standing.basis) if standing.basis else []
        return ActionOut(found, many=True).data

    @extend_schema_field(StarOut(many=True))
    def get_security_action(self, standing: Standing) -> Any:
        found = telling.security_action(standing.basis.facts) if standing.basis else ()
        return StarOut(found, many=True).data


class StandingWithHistoryOut(AdvisedStandingOut):
    """`next_actions` and `security_action` are left out for callers without `answers:read`."""

    history = HistoryOut()
