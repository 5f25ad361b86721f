from typing import Any

from rest_framework import serializers

from assessments.deciding import Flag
from assessments.models import Consultation, Occasion
from assessments.working import DECISION, MAIL, PHONE, SILENCES, Wait
from contractors.api.scoping import Strict
from contractors.api.showing import TextOut

CODES = [*(each.value for each in (*Wait, *Flag)), PHONE, *SILENCES.values()]
KINDS = [*Consultation.Kind.values, PHONE, MAIL, DECISION]


class WorkQuery(Strict):
    flag = serializers.ChoiceField(CODES, required=False)


class WorkReasonOut(serializers.Serializer[Any]):
    """Why a person has to look, without a word of what was answered or said."""

    code = serializers.ChoiceField(CODES)
    detail = TextOut()


class LetterOut(serializers.Serializer[Any]):
    """A letter that a mail server took from us."""

    sent_at = serializers.DateTimeField(source="at")
    kind = serializers.ChoiceField(Occasion.Kind.values)


class WorkOut(serializers.Serializer[Any]):
    """`id` and `number` are those of the request; `submitted_at` is its newest submission's.

    `kind` is that of a thread whose supplier waits for a word, to be answered at `consultation`,
    `phone` where nobody answered in time, `mail` where no letter reaches the contact, or
    `decision`. `business_days` of Japan have begun after `waiting_since`. `letters` are those in
    vain of who is to be called; elsewhere there are none.
    """

    id = serializers.UUIDField(source="request.public_id")
    number = serializers.CharField(source="request.readable_number")
    kind = serializers.ChoiceField(KINDS)
    supplier = serializers.UUIDField(source="request.supplier.public_id")
    supplier_code = serializers.CharField(source="request.supplier.code")
    supplier_name = serializers.CharField(source="request.supplier.name")
    due_on = serializers.DateField(source="request.due_on")
    submitted_at = serializers.DateTimeField(source="request.submitted_at", allow_null=True)
    waiting_since = serializers.DateTimeField()
    business_days = serializers.IntegerField()
    consultation = serializers.URLField(allow_null=True)
    reasons = WorkReasonOut(many=True)
    letters = LetterOut(many=True)
