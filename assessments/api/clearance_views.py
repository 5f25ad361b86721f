from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import clearing, stopping
from assessments.api.clearance_serializers import ClearanceOut, HoldIn, HoldOut, ReleaseIn
from assessments.models import Hold
from assessments.stopping import Decision
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import OwnedQuerySet, Scope
from contractors.roles import ASKERS
from suppliers import days
from suppliers.models import Supplier


class ClearanceViewSet(OwnRowsViewSet[Supplier]):
    """What a purchasing system asks before a new order."""

    queryset = Supplier.objects.all()
    serializer_class = ClearanceOut
    read_scope = Scope.RATINGS_READ
    roles = {"clearance": ASKERS}

    @extend_schema(responses=ClearanceOut)
    @action(detail=True)
    def clearance(self, request: Request, **kwargs: Any) -> Response:
        """Computed reasons only ask for a review; `hold` is a person's decision alone."""
        day = days.in_japan(self.now)
        told = clearing.find(self.contractor, self.kwargs["public_id"], day=day)
        if told is None:
            raise Http404
        return Response(ClearanceOut(told).data)


class HoldViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[Hold]):
    """A person's decisions to place no new orders with one supplier for a time, and their end."""

    queryset = Hold.objects.select_related("supplier", "decided_by", "released_by")
    serializer_class = HoldOut
    read_scope = Scope.SUPPLIERS_READ
    write_scope = Scope.SUPPLIERS_WRITE
    roles = {"list": ASKERS, "retrieve": ASKERS, "hold": ASKERS, "release": ASKERS}
    inputs = {"hold": HoldIn, "release": ReleaseIn}
    by_person = ("hold", "release")

    @property
    def today(self) -> date:
        """The day in Japan."""
        return days.in_japan(self.now)

    def supplier(self) -> Supplier:
        """404 where it is another tenant's: a foreign row looks like a missing one."""
        rows = Supplier.objects.of(self.contractor)
        return generics.get_object_or_404(rows, public_id=self.kwargs["supplier_id"])

    def get_queryset(self) -> OwnedQuerySet[Hold]:
        return super().get_queryset().filter(supplier=self.supplier())

    @extend_schema(request=HoldIn, responses={201: HoldOut}, operation_id="suppliers_hold")
    def hold(self, request: Request, **kwargs: Any) -> Response:
        """Needs a key that is bound to a person, who answers for it."""
        supplier, decision = self.supplier(), Decision(**self.wanted())
        made = stopping.hold(supplier, decision, person=self.person, now=self.now)
        address = reverse("hold-detail", args=[supplier.public_id, made.public_id])
        return self.answer(made, 201, Location=address)

    @extend_schema(request=ReleaseIn, responses=HoldOut, operation_id="suppliers_release")
    def release(self, request: Request, **kwargs: Any) -> Response:
        """Needs a key that is bound to a person, who answers for it."""
        supplier, reason = self.supplier(), self.wanted()["reason"]
        return self.answer(
            stopping.release(supplier, reason=reason, person=self.person, now=self.now)
        )
