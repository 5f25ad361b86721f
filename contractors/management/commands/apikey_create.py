import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from contractors import appointing, managing
from contractors.actors import SYSTEM
from contractors.models import Contractor, Scope, User
from contractors.roles import Role


class Command(BaseCommand):
    help = "Makes an API key. It is shown this once; only its digest is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--contractor", required=True, metavar="ID")
        parser.add_argument("--scopes", required=True, metavar="a,b")
        parser.add_argument("--user", metavar="EMAIL", help="bind the key to this person")
        parser.add_argument(
            "--role", choices=Role.values, help="of a new person (admin), or of a system's key"
        )
        parser.add_argument("--expires-at", metavar="TIME", help="RFC 3339; default: never")
        parser.add_argument("--json", action="store_true", help="print what was made")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        contractor = _contractor(options["contractor"])
        key, clear = managing.issue_key(
            contractor,
            scopes=_scopes(options["scopes"]),
            actor=SYSTEM,
            now=timezone.now(),
            held_by=_holder(contractor, options["user"], options["role"]),
            expires_at=_time(options["expires_at"]),
        )
        made = {
            "id": str(key.public_id),
            "key": clear,
            "prefix": key.prefix,
            "scopes": key.scopes,
            "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        }
        self.stdout.write(json.dumps(made) if options["json"] else f"{clear}\nKeep it: {self.help}")


def _contractor(given: str) -> Contractor:
    try:
        return Contractor.objects.get(public_id=UUID(given))
    except (ValueError, Contractor.DoesNotExist) as error:
        raise CommandError(
            f"There is no contractor {given}. `contractor_create NAME --json` prints an id."
        ) from error


def _scopes(given: str) -> set[str]:
    scopes = {scope.strip() for scope in given.split(",") if scope.strip()}
    if unknown := sorted(scopes - set(Scope.values)):
        raise CommandError(f"Unknown: {', '.join(unknown)}. Choose from {', '.join(Scope.values)}.")
    if not scopes:
        raise CommandError(f"Name at least one scope of {', '.join(Scope.values)}.")
    return scopes


def _holder(contractor: Contractor, email: str | None, role: str | None) -> User | Role | None:
    if email is None:
        return Role(role) if role else None
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email} is not a mail address.") from error
    user = User.objects.of(contractor).filter(email__iexact=email).first()
    if user is None:
        given_role = Role(role or Role.ADMIN)
        return appointing.take_on(
            contractor, email=email, role=given_role, actor=SYSTEM, now=timezone.now()
        )
    if not user.active:
        raise CommandError(f"{email} was deactivated. An admin can bring the person back.")
    if role and role != user.role:
        raise CommandError(f"{email} has the role {user.role}. An admin can change it.")
    return user


def _time(given: str | None) -> Any:
    if given is None:
        return None
    moment = parse_datetime(given)
    if moment is None or timezone.is_naive(moment) or moment <= timezone.now():
        raise CommandError("Give a time in the future with its zone, as 2027-03-31T15:00:00Z.")
    return moment
