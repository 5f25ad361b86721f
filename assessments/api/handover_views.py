from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import handing_over
from assessments.api.handover_serializers import ChangeContactIn, refuse_stranger
from assessments.models import Assessment
from contractors.api.scoping import OwnRowsViewSet
from contractors.roles import ASKERS, Roles


class HandoverActions(OwnRowsViewSet[Assessment]):
    """Who of the supplier's people answers."""

    inputs: ClassVar[dict[str, Any]] = {"change_contact": ChangeContactIn}
    roles: ClassVar[dict[str, Roles]] = {"change_contact": ASKERS}

    @extend_schema(request=ChangeContactIn)
    @action(detail=True, methods=["post"], url_path="change-contact")
    def change_contact(self, request: Request, **kwargs: Any) -> Response:
        """Puts another contact of the supplier in charge and mails that person a link.

        Earlier links and browsers are shut out at once; answers stay. Refused with `same-contact`
        for whoever is in charge already, and with `no-contact` for one whose mails were stopped
        or came back.
        """
        row, contact = self.get_object(), self.wanted()["contact"]
        refuse_stranger(row, contact)
        return self.answer(handing_over.change(row, contact, actor=self.actor, now=self.now))
