from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.scoping import OwnRowsViewSet
from contractors.models import OwnedQuerySet, Scope
from contractors.roles import ADMINS, DECIDERS
from events import listening
from events.api.serializers import (
    DeliveryOut,
    EndpointChange,
    EndpointIn,
    EndpointMade,
    EndpointOut,
    EventOut,
    FeedOut,
    FeedQuery,
    ReplayIn,
)
from events.models import Delivery, Endpoint, Event


class EventViewSet(OwnRowsViewSet[Event]):
    """The feed: ascending and without gaps, so a reader needs to keep one number only."""

    queryset = Event.objects.all()
    serializer_class = EventOut
    read_scope = Scope.AUDIT_READ
    roles = {"list": DECIDERS}
    queries = {"list": FeedQuery}
    paged = ()

    def get_serializer_context(self) -> dict[str, Any]:
        levels = hasattr(self, "request") and self.key.allows(Scope.RATINGS_READ)
        return {**super().get_serializer_context(), "levels": levels}

    @extend_schema(parameters=[FeedQuery], responses=FeedOut)
    def list(self, request: Request) -> Response:
        wanted = self.query
        rows = self.get_queryset().filter(sequence__gt=wanted["after"]).order_by("sequence")
        if "request_id" in wanted:
            rows = rows.filter(request_id=wanted["request_id"])
        events = list(rows[: wanted["page_size"]])
        context = self.get_serializer_context()
        feed = {"results": events, "next": self._next(events)}
        return Response(FeedOut(feed, context=context).data)

    def _next(self, events: Sequence[Event]) -> str | None:
        """Where to go on. An empty page has none: ask again with the same `after` later."""
        if not events:
            return None
        parameters = self.request.query_params.copy()
        parameters["after"] = str(events[-1].sequence)
        return self.request.build_absolute_uri(f"{self.request.path}?{parameters.urlencode()}")


class EndpointViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[Endpoint]):
    """The caller's systems that want to be told (Standard Webhooks 1.0)."""

    queryset = Endpoint.objects.all()
    serializer_class = EndpointOut
    read_scope = Scope.WEBHOOKS_MANAGE
    write_scope = Scope.WEBHOOKS_MANAGE
    roles = {
        "list": ADMINS,
        "retrieve": ADMINS,
        "create": ADMINS,
        "partial_update": ADMINS,
        "destroy": ADMINS,
        "test": ADMINS,
        "replay": ADMINS,
    }
    inputs = {"create": EndpointIn, "partial_update": EndpointChange, "replay": ReplayIn}

    @extend_schema(request=EndpointIn, responses={201: EndpointMade})
    def create(self, request: Request) -> Response:
        wanted = self.wanted()
        endpoint, secret = listening.register(
            self.contractor, url=wanted["url"], kinds=wanted.get("kinds", []), now=self.now
        )
        endpoint.secret = secret  # type: ignore[attr-defined]  # shown once, kept encrypted
        return self.shown_once(endpoint, EndpointMade(endpoint).data)

    @extend_schema(request=EndpointChange)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        endpoint = listening.change(self.get_object(), self.wanted())
        return self.answer(endpoint)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        listening.remove(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={202: DeliveryOut})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, **kwargs: Any) -> Response:
        delivery = listening.test(self.get_object(), now=self.now)
        return Response(DeliveryOut(delivery).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=ReplayIn, responses={202: DeliveryOut})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, **kwargs: Any) -> Response:
        owed = Delivery.objects.of(self.contractor).filter(endpoint=self.get_object())
        wanted = generics.get_object_or_404(owed, public_id=self.wanted()["delivery"])
        delivery = listening.replay(wanted, now=self.now)
        return Response(DeliveryOut(delivery).data, status=status.HTTP_202_ACCEPTED)


class DeliveryViewSet(mixins.ListModelMixin, OwnRowsViewSet[Delivery]):
    """What was sent to one endpoint, newest first, and how it ended."""

    queryset = Delivery.objects.select_related("event")
    serializer_class = DeliveryOut
    read_scope = Scope.WEBHOOKS_MANAGE
    roles = {"list": ADMINS}

    def get_queryset(self) -> OwnedQuerySet[Delivery]:
        endpoints = Endpoint.objects.of(self.contractor)
        endpoint = generics.get_object_or_404(endpoints, public_id=self.kwargs["endpoint_id"])
        return super().get_queryset().filter(endpoint=endpoint)
