"""Who calls, and what the key may do. What declares no scope is closed to everybody."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from contractors import keys
from contractors.api import acting
from contractors.api.problems import InsufficientScope, RoleNeeded
from contractors.models import ApiKey

if TYPE_CHECKING:  # REST framework loads this module while it loads its own views.
    from rest_framework.views import APIView


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`; the key becomes `request.auth`."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        clear = bearer(request)
        if clear is None:
            return None
        key = keys.find(clear, now=timezone.now())
        if key is None:
            raise AuthenticationFailed(_("This API key is unknown, expired or revoked."))
        key.named = acting.named(request.headers, key)
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def bearer(request: Request) -> str | None:
    """The clear form of the caller's key, or None where another scheme or none is used."""
    scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


class MayCall(BasePermission):
    """The key's scopes include what the action needs, and its role is one that the action names.

    A key of a system has no role unless it was given one: then its scopes alone count.
    """

    message = gettext_lazy("This address is closed.")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, ApiKey):
            return False
        if getattr(view, "action", None) in {None, "metadata"}:
            return True  # no handler for this method: the answer is 405, for everybody
        needed = getattr(view, "scope_needed", lambda: None)()
        if needed is None:
            return False
        if not request.auth.allows(needed):
            raise InsufficientScope(needed)
        role, roles = request.auth.acts_as(), view.roles_allowed()  # type: ignore[attr-defined]
        if role is not None and role not in roles:
            raise RoleNeeded(roles, role)
        return True
