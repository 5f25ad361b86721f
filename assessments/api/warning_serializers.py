from typing import Any

from rest_framework import serializers

from assessments import warning
from assessments.models import Assessment
from contractors.api.scoping import Strict
from contractors.api.showing import TextOut


class CreateQuery(Strict):
    """`dry_run=true` gives the same errors and the warnings, and changes nothing."""

    dry_run = serializers.BooleanField(default=False)


class SendIn(Strict):
    """`confirmed_warnings` are codes of serious warnings that a person looked at."""

    confirmed_warnings = serializers.ListField(
        child=serializers.ChoiceField(sorted(warning.SERIOUS)), default=list, max_length=20
    )


class WhoOut(serializers.Serializer[Any]):
    """`id` is the public id of the person, key or contact."""

    type = serializers.CharField()
    id = serializers.CharField(allow_null=True)


class ConfirmerOut(serializers.Serializer[Any]):
    """The person who stands for promises and warnings, with the name of that day."""

    id = serializers.CharField()
    name = serializers.CharField()


class AssessmentWarningOut(serializers.Serializer[Any]):
    """What a person should look at before sending. The service warns, it judges no law.

    `sent_by` sent the request in spite of it; a person who did so has confirmed it.
    A `serious` one is sent by nobody else.
    """

    code = serializers.CharField()
    serious = serializers.BooleanField()
    pointer = serializers.CharField()
    detail = TextOut()
    source = TextOut()  # type: ignore[assignment]  # told, not where it is taken from
    sent_by = WhoOut(allow_null=True)
    confirmed_by = ConfirmerOut(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)


class ForewarnedOut(serializers.Serializer[Any]):
    """The answer to a dry run: what the request would be warned of."""

    warnings = AssessmentWarningOut(many=True)


def warnings(assessment: Assessment) -> Any:
    """The warnings of a request with who sent it in spite of them."""
    person = assessment.confirmed_by
    passed = {
        "sent_by": assessment.sent_by,
        "confirmed_by": person,
        "confirmed_at": assessment.invited_at if person else None,
    }
    return AssessmentWarningOut([each | passed for each in assessment.warnings], many=True).data
