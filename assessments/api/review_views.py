from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import reviewing, telling
from assessments.api.review_serializers import ClarificationOut, ReturnIn, returned
from assessments.models import Assessment
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import ASKERS, DECIDERS, Roles


class ReviewActions(OwnRowsViewSet[Assessment]):
    """What the contractor does with answers that were handed in."""

    inputs: ClassVar[dict[str, Any]] = {"return_": ReturnIn}
    scopes: ClassVar[dict[str, Scope]] = {"clarifications": Scope.ANSWERS_READ}
    roles: ClassVar[dict[str, Roles]] = {
        "return_": DECIDERS,
        "accept": DECIDERS,
        "reopen": DECIDERS,
        "clarifications": ASKERS,
    }
    by_person = ("reopen",)

    @extend_schema(request=ReturnIn, operation_id="assessments_return")
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def return_(self, request: Request, **kwargs: Any) -> Response:
        """Asks the supplier back about items, in one letter that leads to these questions.

        The submission stays as it was; the supplier may change answers and hands in again.
        """
        row = self.get_object()
        asked = returned(row, self.wanted())
        return self.answer(reviewing.return_(row, asked, actor=self.actor, now=self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, **kwargs: Any) -> Response:
        """Takes the answers as they were handed in. Questions asked back are resolved by it."""
        return self.answer(reviewing.accept(self.get_object(), actor=self.actor, now=self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        """Puts an accepted request back to `submitted`, to be decided anew.

        Needs a key that is bound to a person, who answers for it.
        """
        return self.answer(reviewing.reopen(self.get_object(), person=self.person, now=self.now))

    @extend_schema(responses=ClarificationOut(many=True))
    @action(detail=True)
    def clarifications(self, request: Request, **kwargs: Any) -> Response:
        """Every question that was asked back, with its reply, the newest first."""
        row = self.get_object()
        self.refuse_closed(row.readers())
        page = self.paginate_queryset(telling.clarifications(row))
        return self.get_paginated_response(ClarificationOut(page, many=True).data)
