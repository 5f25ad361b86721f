from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import extending, prompting
from assessments.api.deadline_serializers import ExtendIn
from assessments.models import Assessment
from contractors.api.scoping import OwnRowsViewSet
from contractors.roles import ASKERS, Roles


class DeadlineActions(OwnRowsViewSet[Assessment]):
    """More time, and a word before it runs out."""

    inputs: ClassVar[dict[str, Any]] = {"extend": ExtendIn}
    roles: ClassVar[dict[str, Roles]] = {"extend": ASKERS, "remind": ASKERS}

    @extend_schema(request=ExtendIn)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, **kwargs: Any) -> Response:
        """Grants a later due day, tells the contact by mail and sets reminders by the new day.

        While the letter of its campaign has yet to leave, that letter tells the new day.
        Refused with `not-later` if the day is not after the one that holds. An expired request
        needs no more time: it still takes a late answer.
        """
        row = self.get_object()
        wanted = {"reason": "", **self.wanted()}
        return self.answer(extending.extend(row, **wanted, actor=self.actor, now=self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, **kwargs: Any) -> Response:
        """Writes a reminder to the contact, at the next opening if it is no hour for letters.

        Refused if the letter of its campaign has yet to leave (`not-invited-yet`), or if the
        contact cannot be written to (`no-contact`), gets a letter that day
        (`written-today`) or was reminded of this request four times (`reminded-enough`).
        """
        return self.answer(prompting.remind(self.get_object(), actor=self.actor, now=self.now))
