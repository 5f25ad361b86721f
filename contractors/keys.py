"""API keys: 256 bits, issued once in clear, kept as a digest, found by it."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from contractors.models import ApiKey, Contractor, Scope, User
from contractors.roles import Role

USE_NOTED_EVERY = timedelta(minutes=1)  # a write for each call would cost more than it tells


def issue(
    contractor: Contractor,
    *,
    scopes: Collection[str],
    now: datetime,
    held_by: User | Role | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its clear form `tsk_<prefix>_<secret>`, which is shown this once.

    Held by a person, who answers for it, or by a system: one with a role, or one that its scopes
    alone limit.
    """
    prefix = secrets.token_hex(4)
    clear = f"tsk_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        contractor=contractor,
        user=held_by if isinstance(held_by, User) else None,
        role=held_by if isinstance(held_by, Role) else "",
        prefix=prefix,
        digest=_digest(clear),
        scopes=sorted({Scope(scope).value for scope in scopes}),
        created_at=now,
        expires_at=expires_at,
    )
    return key, clear


def find(clear: str, *, now: datetime) -> ApiKey | None:
    """The key that is neither revoked nor expired, its contractor and person with it."""
    living = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
    usable = living & (Q(user=None) | Q(user__active=True))
    keys = ApiKey.objects.select_related("contractor", "user").filter(usable)
    return keys.filter(digest=_digest(clear)).first()


def note_use(key: ApiKey, *, now: datetime) -> None:
    if key.last_used_at is None or now - key.last_used_at >= USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def _digest(clear: str) -> str:
    return hashlib.sha256(clear.encode()).hexdigest()
