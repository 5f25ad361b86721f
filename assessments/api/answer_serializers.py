from typing import Any

from rest_framework import serializers

from suppliers.api.evidence_serializers import EvidenceOut


class AnswerOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    value = serializers.CharField()
    comment = serializers.CharField()
    answered_at = serializers.DateTimeField()


class CertificateOut(serializers.Serializer[Any]):
    """A certificate that was handed in instead of answers, as its paper read that day."""

    id = serializers.UUIDField()
    scheme = serializers.CharField()
    number = serializers.CharField()
    body = serializers.CharField()
    scope = serializers.CharField()
    edition = serializers.CharField(allow_null=True)
    accreditation = serializers.CharField(allow_null=True)
    issued_on = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    scope_covers = serializers.CharField()


class AnswersOut(serializers.Serializer[Any]):
    """What was handed in last. What is for aggregates only stays out."""

    questionnaire = serializers.CharField()
    version = serializers.CharField()
    submission = serializers.UUIDField()
    profile = serializers.DictField()
    answers = AnswerOut(many=True)
    certificate = CertificateOut(allow_null=True)


class ShownOut(serializers.Serializer[Any]):
    """A file that was handed in for an item; `removed_at` where it has gone since."""

    number = serializers.IntegerField()
    digest = serializers.CharField()
    file = EvidenceOut()
    removed_at = serializers.DateTimeField(source="file.removed_at", allow_null=True)


class HandedEvidenceOut(serializers.Serializer[Any]):
    submission = serializers.UUIDField()
    evidence = ShownOut(many=True)
