"""What to do next, on the wire: actions with their true gain, and the stars of SECURITY ACTION."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractors.api.showing import TextOut
from ratings import telling
from ratings.advising import Action
from ratings.api.serializers import RatingOut
from ratings.facts import Facts
from ratings.guidance import EFFORTS
from ratings.models import Rating
from ratings.wording import written

KINDS = ("answer", "person", "document", "verify", "obtain", "declare")


class CrosswalkOut(serializers.Serializer[Any]):
    """Requirements of the SCS evaluation that the item goes towards."""

    requirements = serializers.ListField(child=serializers.CharField())
    strength = serializers.ChoiceField(["direct", "partial", "weak", "star4_only", "none"])


class ActionOut(serializers.Serializer[Any]):
    """`gain` is what this alone adds to the score; `score`, `grade` and `level` are those after."""

    code = serializers.CharField(source="step.subject")
    kind = serializers.ChoiceField(KINDS, source="step.kind")
    item = serializers.IntegerField(source="step.item", allow_null=True)
    to = serializers.CharField(source="step.to", allow_null=True)
    scheme = serializers.CharField(source="step.scheme", allow_null=True)
    gain = serializers.SerializerMethodField()
    score = serializers.DecimalField(source="after.points", max_digits=5, decimal_places=2)
    grade = serializers.CharField(source="after.grade")
    level = serializers.CharField(source="after.level")
    effort = serializers.ChoiceField(EFFORTS, source="step.effort")
    turn = serializers.ChoiceField(["supplier", "contractor"], source="step.turn")
    scs = CrosswalkOut(source="step.scs", allow_null=True)
    detail = TextOut()
    first_step = TextOut(source="step.first", allow_null=True)

    @extend_schema_field({"type": "string", "format": "decimal"})
    def get_gain(self, action: Action) -> str:
        return written(action.gain)


class StarOut(serializers.Serializer[Any]):
    stars = serializers.IntegerField()
    rule = serializers.CharField()
    declared = serializers.BooleanField()
    can_declare = serializers.BooleanField()
    done = serializers.ListField(child=serializers.IntegerField())
    remaining = serializers.ListField(child=serializers.IntegerField())
    missing = serializers.ListField(child=serializers.CharField())
    detail = TextOut()


class AdvisedRatingOut(RatingOut):
    """One rating with what to do next, for callers who may read its answers."""

    next_actions = serializers.SerializerMethodField()
    security_action = serializers.SerializerMethodField()

    class Meta(RatingOut.Meta):
        fields = (*RatingOut.Meta.fields, "next_actions", "security_action")

    @extend_schema_field(ActionOut(many=True))
    def get_next_actions(self, rating: Rating) -> Any:
        return ActionOut(telling.actions(rating), many=True).data

    @extend_schema_field(StarOut(many=True))
    def get_security_action(self, rating: Rating) -> Any:
        if rating.erased:
            return []
        facts = Facts.from_plain(rating.inputs)
        return StarOut(telling.security_action(facts), many=True).data


class SupposedRatingOut(AdvisedRatingOut):
    """As a stored rating, without an id and a cause: it is nowhere."""

    id = serializers.ReadOnlyField(default=None)  # type: ignore[assignment]  # never one
    supplier = serializers.UUIDField(source="supplier.public_id", allow_null=True)
    cause = serializers.ReadOnlyField(default=None)  # type: ignore[assignment]
