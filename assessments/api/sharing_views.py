from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import sharing
from assessments.api.sharing_serializers import ShareIn
from assessments.models import Assessment
from contractors.api.scoping import OwnRowsViewSet
from contractors.roles import ADMINS, Roles


class SharingActions(OwnRowsViewSet[Assessment]):
    """To whom of the contractor's people the answers are open."""

    inputs: ClassVar[dict[str, Any]] = {"share": ShareIn}
    roles: ClassVar[dict[str, Roles]] = {"share": ADMINS}

    @extend_schema(request=ShareIn)
    @action(detail=True, methods=["post"])
    def share(self, request: Request, **kwargs: Any) -> Response:
        """Opens the answers to these roles and no others.

        A role more is told to the supplier by mail and on its pages; it is refused where no letter
        would arrive (`no-contact`) or the request is over (`wrong-status`). A role less is only
        recorded.
        """
        row, wanted = self.get_object(), self.wanted()["answers_seen_by"]
        return self.answer(sharing.share(row, wanted, actor=self.actor, now=self.now))
