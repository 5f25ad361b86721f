"""What Django's checks say about this service's surroundings."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections

from config import roles


@register(Tags.database)
def service_has_few_rights(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Runs where the service's database is asked for: `manage.py check --database default`."""
    if DEFAULT_DB_ALIAS not in (databases or []):
        return []
    hint = "Give DATABASE_URL a role of its own and run `manage.py prepare`."
    found = roles.dangers(connections[DEFAULT_DB_ALIAS])
    return [Error(each, hint=hint, id="config.E001") for each in found]


@register()
def a_letter_ends_within_its_lease(**_options: Any) -> list[CheckMessage]:
    """Whoever is at it for longer than its lease sends what somebody else sends, too."""
    if settings.LEASE >= 2 * settings.MAIL_TIMEOUT:
        return []
    hint = "Set LEASE to twice MAIL_TIMEOUT at least."
    return [Error("A letter may take longer than its lease.", hint=hint, id="config.E002")]


@register()
def nobody_moves_the_clock_of_others(**_options: Any) -> list[CheckMessage]:
    """Where suppliers are written to, a moved clock would send what is not due."""
    if not (settings.ALLOW_CLOCK and settings.HTTPS):
        return []
    hint = "Unset ALLOW_CLOCK. It is for a development copy, whose BASE_URL is plain http."
    return [Error("The clock may be moved behind https.", hint=hint, id="config.E003")]
