"""Managing a tenant records events, so it stands above `events`; the tenant itself is the floor."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from contractors import keys
from contractors.actors import Actor
from contractors.errors import Refused
from contractors.models import ApiKey, Contractor, User
from contractors.roles import Role
from events import recording
from events.models import Kind
from events.recording import Happening


class TooMuch(Refused):
    """A key cannot hand on more than it has."""

    code = "scope-exceeds-own"


class AnotherRole(Refused):
    """A key with a role hands on its own."""

    code = "role-exceeds-own"


@transaction.atomic
def create(name: str) -> Contractor:
    """A new tenant. Its profile is completed by itself before it can send anything."""
    return Contractor.objects.create(name=name)


@transaction.atomic
def update(
    contractor: Contractor, changes: Mapping[str, object], *, actor: Actor, now: datetime
) -> Contractor:
    """Change the profile that suppliers see. Without a real change nothing happens."""
    contractor = Contractor.objects.select_for_update(no_key=True).get(pk=contractor.pk)
    changed = sorted(name for name, value in changes.items() if getattr(contractor, name) != value)
    if not changed:
        return contractor
    for name in changed:
        setattr(contractor, name, changes[name])
    contractor.save(update_fields=changed)
    happening = Happening(Kind.CONTRACTOR_UPDATED, contractor.public_id, changed)
    recording.record(contractor, [happening], actor=actor, now=now)
    return contractor


@transaction.atomic
def issue_key(
    contractor: Contractor,
    *,
    scopes: Collection[str],
    actor: Actor,
    now: datetime,
    held_by: User | Role | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A key and its clear form, which is shown this once."""
    key, clear = keys.issue(
        contractor, scopes=scopes, now=now, held_by=held_by, expires_at=expires_at
    )
    happening = Happening(Kind.API_KEY_CREATED, key.public_id)
    recording.record(contractor, [happening], actor=actor, now=now)
    return key, clear


@transaction.atomic
def revoke_key(key: ApiKey, *, actor: Actor, now: datetime) -> ApiKey:
    """The key stops working at once. Safe to repeat."""
    key = ApiKey.objects.select_for_update(no_key=True, of=("self",)).get(pk=key.pk)
    if key.revoked_at is not None:
        return key
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    happening = Happening(Kind.API_KEY_REVOKED, key.public_id)
    recording.record(key.contractor, [happening], actor=actor, now=now)
    return key


def hand_on(giver: ApiKey, scopes: Collection[str], role: str | None) -> User | Role | None:
    """Who holds a key that this one makes. Refuses scopes that it lacks, and another role."""
    if more := sorted(scope for scope in scopes if not giver.allows(scope)):
        sentence = _("Your key lacks these scopes and cannot hand them on: %(scopes)s.")
        raise TooMuch(sentence % {"scopes": ", ".join(more)})
    own = giver.acts_as()
    if own is None:
        return Role(role) if role else None
    if role not in {None, own}:
        raise AnotherRole(
            _("Your key has the role %(role)s and hands on no other.") % {"role": own.value}
        )
    return giver.user or own
