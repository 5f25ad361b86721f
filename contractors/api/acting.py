"""On whose behalf a key acts, where its system knows the person: `Acting-User: <id of a user>`.

The person's id then stands wherever the act is recorded, and the person's role limits the call. It
proves nobody's presence: what a person must answer for still needs a key that is bound to one.
"""

from typing import Final
from uuid import UUID

from django.http.request import HttpHeaders

from contractors.api.problems import ActingUserInvalid, RoleNeeded
from contractors.models import ApiKey, User

HEADER: Final = "Acting-User"


def named(headers: HttpHeaders, key: ApiKey) -> User | None:
    """The active person of the key's tenant, or None without the header. Others do not exist."""
    text = headers.get(HEADER)
    if text is None:
        return None
    user = User.objects.of(key.contractor).filter(public_id=_id(text), active=True).first()
    if user is None or key.user not in {None, user}:
        raise ActingUserInvalid
    if key.role and key.role != user.role:
        raise RoleNeeded({key.role}, user.role)
    return user


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ActingUserInvalid from error
