"""Published figures on the wire. Percentages are numbers with one decimal."""

from typing import Any

from rest_framework import serializers

from contractors.api.showing import TextOut
from ratings.survey import KINDS


class CaveatOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = TextOut()


class FigureOut(serializers.Serializer[Any]):
    """`n` firms are behind it; null where the source does not say how many."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    item = serializers.IntegerField(allow_null=True)
    band = serializers.CharField(allow_null=True)
    size_class = serializers.CharField(allow_null=True)
    label = TextOut()  # type: ignore[assignment]  # fields leave the class for `fields`
    population = TextOut()
    n = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField()
    unit = serializers.ChoiceField(choices=["percent", "firms", "yen", "days", "times"])
    confirmed_by = serializers.ChoiceField(choices=["primary", "secondary", "derived"])
    warnings = CaveatOut(many=True)


class SurveyOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = TextOut()
    publisher = TextOut()
    surveyed_from = serializers.DateField()
    surveyed_until = serializers.DateField()
