from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contractors import appointing
from contractors.api.scoping import OwnRowsViewSet
from contractors.api.user_serializers import UserIn, UserOut
from contractors.models import Scope, User
from contractors.roles import ADMINS


class UserViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[User]):
    """The people of the caller's tenant, each with a role. Nobody is deleted: acts name them."""

    queryset = User.objects.all()
    serializer_class = UserOut
    read_scope = Scope.AUDIT_READ
    write_scope = Scope.AUDIT_READ
    roles = {
        "list": ADMINS,
        "retrieve": ADMINS,
        "create": ADMINS,
        "partial_update": ADMINS,
        "deactivate": ADMINS,
        "reactivate": ADMINS,
    }
    inputs = {"create": UserIn, "partial_update": UserIn}
    owner = "contractor"

    @extend_schema(request=UserIn, responses={201: UserOut})
    def create(self, request: Request) -> Response:
        """Takes on a person. What the person does is done with a key that is bound to it."""
        user = appointing.take_on(self.contractor, **self.wanted(), actor=self.actor, now=self.now)
        return self.created(user)

    @extend_schema(request=UserIn)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Changes name, mail address or role; a role counts at once, for all keys of the person.

        Refused with `last-admin` if nobody with the role admin would be left.
        """
        user = appointing.change(self.get_object(), self.wanted(), actor=self.actor, now=self.now)
        return self.answer(user)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, **kwargs: Any) -> Response:
        """The person is gone, and every key of it is revoked. Refused for the last admin."""
        return self.answer(appointing.deactivate(self.get_object(), actor=self.actor, now=self.now))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, **kwargs: Any) -> Response:
        """The person is back with the old role. Keys stay revoked: make a new one."""
        return self.answer(appointing.reactivate(self.get_object(), actor=self.actor, now=self.now))
