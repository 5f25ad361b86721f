"""What Django's checks say about this service's surroundings."""

from collections.abc import Sequence
from typing import Any

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
