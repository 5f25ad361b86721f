from typing import Any

from rest_framework import serializers

from contractors.api.showing import TextOut
from questionnaires.models import Questionnaire


class TitleOut(serializers.Serializer[Questionnaire]):
    ja = serializers.CharField(source="title_ja")
    en = serializers.CharField(source="title_en")


class OptionOut(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = TextOut()  # type: ignore[assignment]  # fields leave the class for `fields`
    criterion = TextOut(allow_null=True)
    points = serializers.IntegerField(allow_null=True, help_text="null where nothing is scored")


class ItemOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    section = serializers.IntegerField(help_text="the part it belongs to, from 1")
    kind = serializers.ChoiceField(
        choices=["choice", "multiple", "text", "lines", "number", "telephone"]
    )
    required = serializers.BooleanField()  # type: ignore[assignment]  # as above
    text = TextOut()
    options = OptionOut(many=True, help_text="empty where the answer is written freely")


class QuestionnaireRowOut(serializers.ModelSerializer[Questionnaire]):
    """A questionnaire in a list: without its items."""

    id = serializers.UUIDField(source="public_id")
    title = TitleOut(source="*")

    class Meta:
        model = Questionnaire
        fields = ["id", "key", "version", "title", "published_on"]


class QuestionnaireOut(QuestionnaireRowOut):
    items = ItemOut(source="parsed.items", many=True)

    class Meta(QuestionnaireRowOut.Meta):
        fields = [*QuestionnaireRowOut.Meta.fields, "items"]
