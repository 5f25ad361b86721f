from functools import cached_property
from typing import Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.problems import StorageUnavailable
from contractors.api.scoping import OwnRowsViewSet
from contractors.api.uploading import FormParser
from contractors.models import OwnedQuerySet, Scope
from contractors.roles import ASKERS, DECIDERS, Roles
from suppliers.api.evidence_serializers import EvidenceIn, EvidenceOut
from suppliers.evidence import keeping, kinds, naming, sentences, serving, storing
from suppliers.evidence.kinds import Unacceptable
from suppliers.evidence.storing import StorageAway
from suppliers.models import Evidence, Supplier

AROUND_THE_FILE = 64 * 1024  # bytes of a form beside its file


class EvidenceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[Evidence]):
    """The files that one supplier showed: sent, listed, taken away and removed."""

    queryset = (
        Evidence.objects.kept()
        .select_related("supplier")
        .prefetch_related("shown_for_answers__assessment")
    )
    serializer_class = EvidenceOut
    parser_classes = [FormParser]
    most_bytes = kinds.MOST_BYTES + AROUND_THE_FILE
    read_scope = Scope.SUPPLIERS_READ
    write_scope = Scope.SUPPLIERS_WRITE
    scopes = {"download": Scope.ANSWERS_READ}
    roles = {
        "list": ASKERS,
        "retrieve": ASKERS,
        "create": ASKERS,
        "destroy": DECIDERS,
        "download": ASKERS,
    }
    inputs = {"create": EvidenceIn}
    owner = "supplier"

    def supplier(self) -> Supplier:
        """404 where it is another tenant's: a foreign row looks like a missing one."""
        rows = Supplier.objects.of(self.contractor).select_related("contractor")
        return generics.get_object_or_404(rows, public_id=self.kwargs["supplier_id"])

    def get_queryset(self) -> OwnedQuerySet[Evidence]:
        return super().get_queryset().filter(supplier=self.supplier())

    def opened_to(self, evidence: Evidence) -> Roles:
        """Of a file for answers those of its requests; of another one who reads all the supplier's.

        What the contractor brought itself is no answer.
        """
        if evidence.uploaded_by["type"] != "supplier":
            return ASKERS
        asked = [each.assessment.readers() for each in evidence.shown_for_answers.all()]
        return frozenset().union(*asked) if asked else self._readers_of_all

    @cached_property
    def _readers_of_all(self) -> Roles:
        role = self.key.reads_as()
        rows = Supplier.objects.filter(public_id=self.kwargs["supplier_id"])
        return frozenset({role} if rows.opened_to(role).exists() else ())

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A file whose row is rolled back is removed at once."""
        with storing.undone_on_failure() as stored:
            response = super().dispatch(request, *args, **kwargs)
            if response.status_code >= 400:
                for name in stored:
                    storing.discard(name)
        return response

    @extend_schema(request=EvidenceIn, responses={200: EvidenceOut, 201: EvidenceOut})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Keep a file; the same content again answers 200 with the earlier one."""
        supplier, upload = self.supplier(), self.wanted()["file"]
        try:
            evidence = keeping.keep(supplier, upload, actor=self.actor, now=self.now)
        except Unacceptable as refusal:
            told = ErrorDetail(sentences.refusal(refusal), refusal.code)
            raise ValidationError({"file": [told]}) from refusal
        except StorageAway as error:
            raise StorageUnavailable from error
        answer = self.created(evidence)
        if evidence.uploaded_at != self.now:
            answer.status_code = status.HTTP_200_OK
        return answer

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Remove the file for good."""
        keeping.remove(self.get_object(), actor=self.actor, now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def download(self, request: Request, **kwargs: Any) -> FileResponse:
        """The file itself. Who took it away, and when, is written down."""
        evidence = self.get_object()
        self.refuse_closed(self.opened_to(evidence))
        try:
            file = serving.read(evidence, actor=self.actor, now=self.now)
        except StorageAway as error:
            raise StorageUnavailable from error
        answer = FileResponse(file, content_type=evidence.media_type)
        for header, value in _headers(evidence).items():  # afterwards: it has an opinion on names
            answer.headers[header] = value
        return answer


def _headers(evidence: Evidence) -> dict[str, str]:
    """The file is saved, never shown: whatever it holds can do nothing in a browser."""
    return {
        "Content-Disposition": naming.disposition(evidence.name),
        "Content-Length": str(evidence.size),
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
