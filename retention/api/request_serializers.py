"""What a person asks for about what is kept of them, on the wire."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from contractors.api.scoping import Lines, OwnRowField, Strict
from events.api.serializers import ActorOut
from retention.models import PersonRequest
from suppliers import days
from suppliers.api.serializers import ContactIn
from suppliers.models import Contact

CORRECTED = ("name", "title", "department", "email", "phone")


class PersonRequestIn(Strict):
    """`received_on`: today in Japan where it is not told."""

    contact = OwnRowField(Contact.objects.filter(erased_at=None))
    kind = serializers.ChoiceField(PersonRequest.Kind.choices)
    wanted = Lines(max_length=2000)
    received_on = serializers.DateField(required=False)

    def validate_received_on(self, day: date) -> date:
        if day > days.in_japan(self.context["view"].now):
            raise serializers.ValidationError(_("This day is still to come."), code="future")
        if day.year < 2000:
            raise serializers.ValidationError(_("This day is too long ago."), code="too-long-ago")
        return day


class CompleteIn(ContactIn):
    """Of a correction: what is right, field by field. Of an erasure: nothing."""

    def get_fields(self) -> Any:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return {name: fields[name] for name in CORRECTED}


class RefuseRequestIn(Strict):
    """What the person is told: at least a sentence."""

    reason = Lines(max_length=2000, min_length=5)


class PersonRequestQuery(Strict):
    """`overdue`: those that wait although their day has passed, or the others."""

    state = serializers.ChoiceField(PersonRequest.State.choices, required=False)
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)


class PersonRequestOut(serializers.ModelSerializer[PersonRequest]):
    """`erasing`: granted, and emptied within a night. Afterwards its words are `erased`."""

    id = serializers.UUIDField(source="public_id")
    contact = serializers.UUIDField(source="contact.public_id")
    supplier = serializers.UUIDField(source="contact.supplier.public_id")
    decided_by = ActorOut(allow_null=True)

    class Meta:
        model = PersonRequest
        fields = [
            "id", "supplier", "contact", "kind", "wanted", "received_on", "due_on", "state",
            "reason", "decided_at", "decided_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields
