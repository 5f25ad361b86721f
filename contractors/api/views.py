from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contractors import managing
from contractors.api.scoping import OwnRowsViewSet
from contractors.api.serializers import (
    ApiKeyIn,
    ApiKeyMade,
    ApiKeyOut,
    ContractorIn,
    ContractorOut,
)
from contractors.models import ApiKey, Contractor, Scope
from contractors.roles import ADMINS, EVERYBODY


class ContractorViewSet(OwnRowsViewSet[Contractor]):
    """The caller's own tenant: who asks, as the supplier sees it. There is no other one."""

    queryset = Contractor.objects.all()
    serializer_class = ContractorOut
    read_scope = Scope.ASSESSMENTS_READ
    write_scope = Scope.ASSESSMENTS_WRITE
    roles = {"retrieve": EVERYBODY, "partial_update": ADMINS}
    inputs = {"partial_update": ContractorIn}
    paged = ()

    def found(self) -> Contractor:
        """There is no id in the address."""
        return Contractor.objects.get(pk=self.contractor.pk)

    @extend_schema(responses=ContractorOut, operation_id="contractor_retrieve")
    def retrieve(self, request: Request) -> Response:
        return Response(self.shown(self.get_object()))

    @extend_schema(request=ContractorIn, responses=ContractorOut)
    def partial_update(self, request: Request) -> Response:
        contractor = managing.update(
            self.get_object(), self.wanted(), actor=self.actor, now=self.now
        )
        return self.answer(contractor)

    def _anew(self, row: Contractor) -> Contractor:
        return self.found()


class ApiKeyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[ApiKey]):
    """Keys of the caller's tenant. A key is shown once, and hands on no more than it has."""

    queryset = ApiKey.objects.select_related("user")
    serializer_class = ApiKeyOut
    read_scope = Scope.AUDIT_READ
    write_scope = Scope.AUDIT_READ
    roles = {"list": ADMINS, "retrieve": ADMINS, "create": ADMINS, "revoke": ADMINS}
    inputs = {"create": ApiKeyIn}

    @extend_schema(request=ApiKeyIn, responses={201: ApiKeyMade})
    def create(self, request: Request) -> Response:
        wanted = self.wanted()
        held_by = managing.hand_on(self.key, wanted["scopes"], wanted.pop("role", None))
        key, clear = managing.issue_key(
            self.contractor,
            **wanted,
            held_by=held_by,
            actor=self.actor,
            now=self.now,
        )
        key.clear = clear  # type: ignore[attr-defined]  # shown in this answer and kept nowhere
        return self.shown_once(key, ApiKeyMade(key).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, **kwargs: Any) -> Response:
        key = managing.revoke_key(self.get_object(), actor=self.actor, now=self.now)
        return self.answer(key)
