"""What will be erased when, on the wire."""

from typing import Any

from rest_framework import serializers

KINDS = ("answers", "files", "talks", "contacts")


class PlannedOut(serializers.Serializer[Any]):
    """So much of a kind in a month in Japan; `first` is its earliest day."""

    kind = serializers.ChoiceField(KINDS)
    month = serializers.CharField()
    count = serializers.IntegerField()
    first = serializers.DateField()


class RetentionReportOut(serializers.Serializer[Any]):
    """`due`: months with something whose day has come, and which the next night erases."""

    as_of = serializers.DateField()
    planned = PlannedOut(many=True)
    due = PlannedOut(many=True)
