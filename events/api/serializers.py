from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import serializers

from contractors.api.paging import USUAL, PageSize
from contractors.api.scoping import Strict
from events import addresses
from events.models import Delivery, Endpoint, Event, Kind


class FeedQuery(Strict):
    """`after` is the last sequence that the reader knows; `request_id` searches the trail."""

    after = serializers.IntegerField(min_value=0, max_value=2**62, default=0)
    page_size = PageSize(default=USUAL)
    request_id = serializers.RegexField(r"^[A-Za-z0-9-]{8,64}$", required=False)


class SubjectOut(serializers.Serializer[Any]):
    type = serializers.CharField()
    id = serializers.UUIDField()
    url = serializers.URLField()


class ActorOut(serializers.Serializer[Any]):
    type = serializers.ChoiceField(["api_key", "user", "supplier", "system", "rule"])
    id = serializers.UUIDField(allow_null=True)


class EventOut(serializers.ModelSerializer[Event]):
    id = serializers.UUIDField(source="public_id")
    subject = SubjectOut()
    actor = ActorOut()
    detail = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = [
            "sequence", "id", "kind", "occurred_at", "subject", "actor", "request_id", "changed",
            "detail",
        ]  # fmt: skip
        read_only_fields = fields

    def get_detail(self, event: Event) -> dict[str, Any]:
        """Codes beside the event; levels are shown to keys that may read ratings."""
        levels = {"old_level", "new_level"}
        seen = self.context["levels"]
        return {name: value for name, value in event.detail.items() if seen or name not in levels}


class FeedOut(serializers.Serializer[Any]):
    results = EventOut(many=True)
    next = serializers.CharField(allow_null=True)


class EndpointChange(Strict):
    kinds = serializers.ListField(
        child=serializers.ChoiceField(Kind.choices), required=False, max_length=len(Kind.values)
    )
    status = serializers.ChoiceField(Endpoint.Status.choices, required=False)


class EndpointIn(Strict):
    url = serializers.CharField(max_length=addresses.MOST)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(Kind.choices), required=False, max_length=len(Kind.values)
    )

    def validate_url(self, url: str) -> str:
        try:
            addresses.check_url(url, allow_loopback=settings.ALLOW_LOOPBACK_WEBHOOKS)
        except addresses.BadURL as error:
            raise serializers.ValidationError(_(str(error)), code="url-refused") from error
        return url


class EndpointOut(serializers.ModelSerializer[Endpoint]):
    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Endpoint
        fields = ["id", "url", "kinds", "status", "created_at"]
        read_only_fields = fields


class EndpointMade(EndpointOut):
    """The answer to its making alone shows the secret."""

    secret = serializers.CharField()

    class Meta(EndpointOut.Meta):
        fields = [*EndpointOut.Meta.fields, "secret"]
        read_only_fields = fields


class DeliveryOut(serializers.ModelSerializer[Delivery]):
    id = serializers.UUIDField(source="public_id")
    event = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = [
            "id", "event", "status", "attempt", "last_status", "outcome", "owed_at", "due_at",
            "closed_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_event(self, delivery: Delivery) -> str | None:
        """The event's id, which receivers saw as `webhook-id`; a test has none."""
        return str(delivery.event.public_id) if delivery.event else None

    def get_status(self, delivery: Delivery) -> str:
        """`owed` until it is `delivered`, or `given_up` after the last attempt."""
        if delivery.closed_at is None:
            return "owed" if delivery.due_at else "given_up"
        taken = delivery.last_status is not None and 200 <= delivery.last_status < 300
        return "delivered" if taken else "given_up"


class ReplayIn(Strict):
    """Which message to send again: the id of a delivery of this endpoint."""

    delivery = serializers.UUIDField()
