"""Shapes that several resources show."""

from typing import Any

from rest_framework import serializers


class TextOut(serializers.Serializer[Any]):
    """The same text in both languages."""

    ja = serializers.CharField()
    en = serializers.CharField()
