from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.scoping import OwnRowsViewSet
from contractors.models import OwnedQuerySet, Scope
from contractors.roles import ASKERS, DECIDERS
from suppliers import certifying, checking, days
from suppliers.api.certification_serializers import (
    CertificationChange,
    CertificationIn,
    CertificationOut,
    CertificationQuery,
    RejectIn,
    RenewIn,
    StepOut,
    VerifyIn,
)
from suppliers.certificates import BY_CHECKER, Scheme
from suppliers.models import Certification, CertificationStep, Evidence, Supplier
from suppliers.normalising import Unreadable
from suppliers.writing import By

CONTRACTOR = Certification.Source.CONTRACTOR


class Certifying(mixins.ListModelMixin, OwnRowsViewSet[Certification]):
    """What both addresses of certifications share."""

    queryset = Certification.objects.all()
    serializer_class = CertificationOut
    read_scope = Scope.SUPPLIERS_READ
    write_scope = Scope.SUPPLIERS_WRITE
    roles = {"list": ASKERS}
    queries = {"list": CertificationQuery}
    owner = "supplier"

    @property
    def by(self) -> By:
        return By(self.actor, self.now)

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        return context | ({"today": days.in_japan(self.now)} if hasattr(self, "now") else {})

    def filter_queryset(self, queryset: Any) -> Any:
        rows = queryset.as_of(days.in_japan(self.now)).select_related("supplier")
        for name in {"scheme", "status"} & set(self.query):
            rows = rows.filter(**{name: self.query[name]})
        if "expires_before" in self.query:
            rows = rows.filter(ends_on__lt=self.query["expires_before"])
        return rows.prefetch_related("shown__evidence")

    def documents(self, supplier: Supplier, wanted: Sequence[UUID]) -> list[Evidence]:
        """Files of this supplier that are still there, or 400 at each that is not."""
        rows = Evidence.objects.of(self.contractor).filter(supplier=supplier, removed_at=None)
        found = {row.public_id: row for row in rows.filter(public_id__in=wanted)}
        missing = {str(at): [_unknown()] for at, each in enumerate(wanted) if each not in found}
        if missing:
            raise ValidationError({"evidence": missing})
        return [found[each] for each in dict.fromkeys(wanted)]

    def made(self, row: Certification) -> Response:
        address = reverse("certification-detail", args=[row.public_id])
        return self.answer(row, 201, Location=address)

    @extend_schema(parameters=[CertificationQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class SupplierCertificationViewSet(Certifying):
    """The certificates and declarations of one supplier."""

    roles = {"create": ASKERS}
    inputs = {"create": CertificationIn}

    def supplier(self) -> Supplier:
        """404 where it is another tenant's: a foreign row looks like a missing one."""
        rows = Supplier.objects.of(self.contractor)
        return generics.get_object_or_404(rows, public_id=self.kwargs["supplier_id"])

    def get_queryset(self) -> OwnedQuerySet[Certification]:
        return super().get_queryset().filter(supplier=self.supplier())

    @extend_schema(request=CertificationIn, responses={201: CertificationOut})
    def create(self, request: Request, **kwargs: Any) -> Response:
        supplier, wanted = self.supplier(), self.wanted()
        scheme = Scheme(wanted.pop("scheme"))
        shown = self.documents(supplier, wanted.pop("evidence", []))
        with told_in_place():
            row = certifying.declare(
                supplier, scheme, wanted, evidence=shown, source=CONTRACTOR, by=self.by
            )
        return self.made(row)


class CertificationViewSet(mixins.RetrieveModelMixin, Certifying):
    """All certificates and declarations: read, corrected, checked, renewed, taken back."""

    roles = {
        "retrieve": ASKERS,
        "history": ASKERS,
        "partial_update": ASKERS,
        "renew": ASKERS,
        "reconfirm": ASKERS,
        "withdraw": ASKERS,
        "verify": DECIDERS,
        "reject": DECIDERS,
    }
    inputs = {
        "partial_update": CertificationChange,
        "verify": VerifyIn,
        "reject": RejectIn,
        "renew": RenewIn,
    }
    paged = ("list", "history")

    @extend_schema(request=CertificationChange)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """What was verified is declared again as soon as the paper says something else."""
        row, wanted = self.get_object(), self.wanted()
        shown = wanted.pop("evidence", None)
        evidence = None if shown is None else self.documents(row.supplier, shown)
        with told_in_place():
            return self.answer(certifying.change(row, wanted, evidence=evidence, by=self.by))

    @extend_schema(request=VerifyIn)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, **kwargs: Any) -> Response:
        row, wanted = self.get_object(), self.wanted()
        check = self._check(row, wanted)
        return self.answer(checking.verify(row, check, by=self.by))

    @extend_schema(request=RejectIn)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, **kwargs: Any) -> Response:
        row, reason = self.get_object(), self.wanted()["reason"]
        return self.answer(checking.reject(row, reason=reason, by=self.by))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(certifying.withdraw(self.get_object(), by=self.by))

    @extend_schema(request=RenewIn, responses={201: CertificationOut})
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, **kwargs: Any) -> Response:
        """The answer is the new row, which follows this one."""
        row, wanted = self.get_object(), self.wanted()
        shown = self.documents(row.supplier, wanted.pop("evidence", []))
        filed_on: date | None = wanted.pop("renewal_filed_on", None)
        with told_in_place():
            new = certifying.renew(
                row, wanted, filed_on=filed_on, evidence=shown, source=CONTRACTOR, by=self.by
            )
        return self.made(new)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reconfirm(self, request: Request, **kwargs: Any) -> Response:
        return self.answer(certifying.reconfirm(self.get_object(), by=self.by))

    @extend_schema(responses=StepOut(many=True))
    @action(detail=True)
    def history(self, request: Request, **kwargs: Any) -> Response:
        """Who did what, and checked it against which document; the newest first."""
        steps = CertificationStep.objects.filter(certification=self.get_object())
        page = self.paginate_queryset(steps.select_related("document", "certification"))
        return self.get_paginated_response(StepOut(page, many=True).data)

    def _check(self, row: Certification, wanted: dict[str, Any]) -> checking.Check:
        document = self._document(row, wanted.get("document"))
        points = wanted.get("points")
        errors = {}
        if document is None and not wanted.get("note"):
            sentence = _("Name the document it was compared with, or say in note why none.")
            errors["document"] = [ErrorDetail(sentence, "required")]
        if (Scheme(row.scheme) in BY_CHECKER) != (points is not None):
            errors["points"] = [_points_wanted() if points is None else _points_unwanted()]
        if errors:
            raise ValidationError(errors)
        hundredths = None if points is None else int(points * 100)
        return checking.Check(
            wanted["scope_covers"] == "yes", document, hundredths, wanted.get("note", "")
        )

    def _document(self, row: Certification, wanted: UUID | None) -> Evidence | None:
        if wanted is None:
            return None
        rows = Evidence.objects.of(self.contractor).filter(supplier=row.supplier, removed_at=None)
        found = rows.filter(public_id=wanted).first()
        if found is None:
            raise ValidationError({"document": [_unknown()]})
        return found


@contextmanager
def told_in_place() -> Iterator[None]:
    """Days in the wrong order are an error of the field, found where both are known."""
    try:
        yield
    except Unreadable as error:
        detail = ErrorDetail(_(str(error)), error.code)
        raise ValidationError({"valid_until": [detail]}) from error


def _unknown() -> ErrorDetail:
    return ErrorDetail(_("This supplier has no such document."), "does-not-exist")


def _points_wanted() -> ErrorDetail:
    return ErrorDetail(_("Say how many points it is worth, from 0 to 6."), "required")


def _points_unwanted() -> ErrorDetail:
    return ErrorDetail(_("The policy sets the points of this scheme."), "not-for-this-scheme")
