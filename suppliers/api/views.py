from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.problems import PreconditionFailed
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import OwnedQuerySet, Scope
from contractors.roles import ASKERS
from suppliers import registering
from suppliers.api.serializers import (
    ContactIn,
    ContactOut,
    SupplierByCode,
    SupplierChange,
    SupplierIn,
    SupplierOut,
    SupplierQuery,
)
from suppliers.models import Contact, Supplier


class SupplierViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[Supplier]):
    """Suppliers of the caller: listed, made, changed, put away and brought back."""

    queryset = Supplier.objects.all()
    serializer_class = SupplierOut
    read_scope = Scope.SUPPLIERS_READ
    write_scope = Scope.SUPPLIERS_WRITE
    roles = {
        "list": ASKERS,
        "retrieve": ASKERS,
        "create": ASKERS,
        "partial_update": ASKERS,
        "archive": ASKERS,
        "restore": ASKERS,
    }
    queries = {"list": SupplierQuery}
    inputs = {
        "create": SupplierIn,
        "partial_update": SupplierChange,
    }

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset.matching(self.query)

    @extend_schema(parameters=[SupplierQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=SupplierIn, responses={201: SupplierOut})
    def create(self, request: Request) -> Response:
        supplier = registering.create(
            self.contractor, self.wanted(), actor=self.actor, now=self.now
        )
        return self.created(supplier)

    @extend_schema(request=SupplierChange)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        supplier = registering.update(
            self.get_object(), self.wanted(), actor=self.actor, now=self.now
        )
        return self.answer(supplier)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, **kwargs: Any) -> Response:
        supplier = registering.archive(self.get_object(), actor=self.actor, now=self.now)
        return self.answer(supplier)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, **kwargs: Any) -> Response:
        supplier = registering.restore(self.get_object(), actor=self.actor, now=self.now)
        return self.answer(supplier)


class SupplierByCodeViewSet(OwnRowsViewSet[Supplier]):
    """The same suppliers by the code that the caller's own systems use."""

    queryset = Supplier.objects.all()
    serializer_class = SupplierOut
    read_scope = Scope.SUPPLIERS_READ
    write_scope = Scope.SUPPLIERS_WRITE
    roles = {"update": ASKERS}
    inputs = {"update": SupplierByCode}
    unconditional = ("update",)
    lookup_field = "code"
    lookup_value_converter = "str"

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "code": self.kwargs.get("code")}

    @extend_schema(request=SupplierByCode, responses={200: SupplierOut, 201: SupplierOut})
    def update(self, request: Request, code: str) -> Response:
        """A system of record knows nothing of tags: If-Match is heeded where it is sent."""
        if "If-Match" in request.headers:
            self._refuse_unseen(code)
        supplier, made = registering.upsert(
            self.contractor, code, self.wanted(), actor=self.actor, now=self.now
        )
        return self.answer(supplier, status.HTTP_201_CREATED if made else status.HTTP_200_OK)

    def _refuse_unseen(self, code: str) -> None:
        supplier = self.get_queryset().filter(code=code).first()
        if supplier is None:
            raise PreconditionFailed(_("There is no supplier with this code yet."))
        self.unchanged(supplier)


class ContactViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[Contact]):
    """The people of one supplier whom the service may write to; who was erased is missing."""

    queryset = Contact.objects.filter(erased_at=None).select_related("supplier")
    serializer_class = ContactOut
    read_scope = Scope.SUPPLIERS_READ
    write_scope = Scope.SUPPLIERS_WRITE
    roles = {"list": ASKERS, "retrieve": ASKERS, "create": ASKERS, "partial_update": ASKERS}
    inputs = {"create": ContactIn, "partial_update": ContactIn}
    owner = "supplier"

    def supplier(self) -> Supplier:
        """404 where it is another tenant's: a foreign row looks like a missing one."""
        rows = Supplier.objects.of(self.contractor)
        return generics.get_object_or_404(rows, public_id=self.kwargs["supplier_id"])

    def get_queryset(self) -> OwnedQuerySet[Contact]:
        return super().get_queryset().filter(supplier=self.supplier())

    @extend_schema(request=ContactIn, responses={201: ContactOut})
    def create(self, request: Request, **kwargs: Any) -> Response:
        contact = registering.add_contact(
            self.supplier(), self.wanted(), actor=self.actor, now=self.now
        )
        return self.created(contact)

    @extend_schema(request=ContactIn)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        contact = registering.change_contact(
            self.get_object(), self.wanted(), actor=self.actor, now=self.now
        )
        return self.answer(contact)
