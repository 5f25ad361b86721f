"""The time as the doors of the workers see it; demonstrations and tests may move it."""

from datetime import datetime

from django.utils import timezone


def read(now: str | None) -> datetime:
    """The moment given (RFC 3339, with its zone), or this one."""
    return datetime.fromisoformat(now) if now else timezone.now()
