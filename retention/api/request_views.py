from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import DECIDERS
from retention import requesting
from retention.api.request_serializers import (
    CompleteIn,
    PersonRequestIn,
    PersonRequestOut,
    PersonRequestQuery,
    RefuseRequestIn,
)
from retention.models import PersonRequest
from suppliers import days


class PersonRequestViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[PersonRequest]
):
    """What people ask for about what is kept of them: to correct it or to erase it."""

    queryset = PersonRequest.objects.select_related("contact__supplier")
    serializer_class = PersonRequestOut
    read_scope = Scope.SUPPLIERS_READ
    write_scope = Scope.SUPPLIERS_WRITE
    roles = {
        "list": DECIDERS,
        "retrieve": DECIDERS,
        "create": DECIDERS,
        "complete": DECIDERS,
        "refuse": DECIDERS,
    }
    inputs = {"create": PersonRequestIn, "complete": CompleteIn, "refuse": RefuseRequestIn}
    queries = {"list": PersonRequestQuery}

    def filter_queryset(self, queryset: Any) -> Any:
        rows = queryset
        if "state" in self.query:
            rows = rows.filter(state=self.query["state"])
        if (overdue := self.query.get("overdue")) is not None:
            late = Q(state=PersonRequest.State.OPEN, due_on__lt=days.in_japan(self.now))
            rows = rows.filter(late if overdue else ~late)
        return rows

    @extend_schema(parameters=[PersonRequestQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=PersonRequestIn, responses={201: PersonRequestOut})
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Write down what a person asked for; the answer is due a settable number of days later."""
        wanted = self.wanted()
        made = requesting.receive(
            wanted["contact"],
            wanted["kind"],
            wanted["wanted"],
            received_on=wanted.get("received_on", days.in_japan(self.now)),
            actor=self.actor,
            now=self.now,
        )
        return self.created(made)

    @extend_schema(request=CompleteIn)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, **kwargs: Any) -> Response:
        """Do what the person asked for.

        An erasure is `erasing` until the eraser has come; nothing is mailed to the person any more.
        """
        asked, fields = self.get_object(), self.wanted()
        if asked.kind == PersonRequest.Kind.ERASURE:
            _refuse_any(fields)
            requesting.grant_erasure(asked.public_id, actor=self.actor, now=self.now)
        else:
            _refuse_none(fields)
            requesting.correct(asked.public_id, fields, actor=self.actor, now=self.now)
        return self.answer(asked)

    @extend_schema(request=RefuseRequestIn)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, **kwargs: Any) -> Response:
        """With the explanation that the person is owed (個人情報保護法 36)."""
        asked, reason = self.get_object(), self.wanted()["reason"]
        requesting.refuse(asked.public_id, reason, actor=self.actor, now=self.now)
        return self.answer(asked)


def _refuse_any(fields: dict[str, Any]) -> None:
    told = _("Nothing is corrected where the person asks to be erased.")
    if fields:
        raise ValidationError({name: [told] for name in fields}, code="not-corrected")


def _refuse_none(fields: dict[str, Any]) -> None:
    if not fields:
        raise ValidationError(_("Tell at least one field and what is right."), code="required")
