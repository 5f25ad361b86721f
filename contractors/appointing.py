"""The people of a tenant: taken on, given a role, and gone. Names and addresses stay in their rows.

Every act holds the tenant's row first, so that two of them together cannot take the last admin.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from contractors.actors import Actor
from contractors.errors import Refused
from contractors.models import ApiKey, Contractor, User
from contractors.roles import Role
from events import recording
from events.models import Kind
from events.recording import Happening


class LastAdmin(Refused):
    """Somebody must be able to appoint the others."""

    code = "last-admin"


class EmailInUse(Refused):
    """Another person of the contractor has this mail address."""

    code = "user-email-taken"


@transaction.atomic
def take_on(
    contractor: Contractor, *, email: str, role: Role, name: str = "", actor: Actor, now: datetime
) -> User:
    """A new person. Without a key of its own it can do nothing yet."""
    _hold(contractor)
    _refuse_taken(contractor, email)
    user = User.objects.create(contractor=contractor, email=email.lower(), name=name, role=role)
    happening = Happening(Kind.USER_CREATED, user.public_id, detail={"role": str(role)})
    recording.record(contractor, [happening], actor=actor, now=now)
    return user


@transaction.atomic
def change(user: User, changes: Mapping[str, str], *, actor: Actor, now: datetime) -> User:
    """Name, mail address or role. A role counts at once. Without a real change nothing happens."""
    user = _held(user)
    before = user.role
    changed = sorted(name for name, value in changes.items() if getattr(user, name) != value)
    if not changed:
        return user
    if "email" in changed:
        _refuse_taken(user.contractor, changes["email"], but=user)
    if "role" in changed:
        _refuse_last_admin(user)
    for name in changed:
        setattr(user, name, changes[name])
    user.save(update_fields=changed)
    roles = {"old_role": before, "new_role": user.role} if "role" in changed else {}
    happening = Happening(Kind.USER_UPDATED, user.public_id, changed, roles)
    recording.record(user.contractor, [happening], actor=actor, now=now)
    return user


@transaction.atomic
def deactivate(user: User, *, actor: Actor, now: datetime) -> User:
    """The person is gone: every key is revoked with it, for good. Safe to repeat."""
    user = _held(user)
    if not user.active:
        return user
    _refuse_last_admin(user)
    user.active = False
    user.save(update_fields=["active"])
    keys = list(ApiKey.objects.filter(user=user, revoked_at=None).select_for_update(no_key=True))
    ApiKey.objects.filter(pk__in=[key.pk for key in keys]).update(revoked_at=now)
    happenings = [
        Happening(Kind.USER_DEACTIVATED, user.public_id),
        *(Happening(Kind.API_KEY_REVOKED, key.public_id) for key in keys),
    ]
    recording.record(user.contractor, happenings, actor=actor, now=now)
    return user


@transaction.atomic
def reactivate(user: User, *, actor: Actor, now: datetime) -> User:
    """The person is back, with the old role and no key. Safe to repeat."""
    user = _held(user)
    if user.active:
        return user
    user.active = True
    user.save(update_fields=["active"])
    happening = Happening(Kind.USER_REACTIVATED, user.public_id)
    recording.record(user.contractor, [happening], actor=actor, now=now)
    return user


def _hold(contractor: Contractor) -> None:
    Contractor.objects.select_for_update(no_key=True).get(pk=contractor.pk)


def _held(user: User) -> User:
    _hold(user.contractor)
    return User.objects.select_related("contractor").get(pk=user.pk)


def _refuse_taken(contractor: Contractor, email: str, *, but: User | None = None) -> None:
    others = User.objects.of(contractor)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.filter(email__iexact=email).exists():
        raise EmailInUse(_("Another person of yours has this mail address."))


def _refuse_last_admin(user: User) -> None:
    """Where this one is an admin and nobody else is."""
    admins = User.objects.of(user.contractor).filter(role=Role.ADMIN, active=True)
    others = admins.exclude(pk=user.pk)
    if user.active and user.role == Role.ADMIN and not others.exists():
        raise LastAdmin(
            _("This is the last person with the role admin. Give the role to another one first.")
        )
