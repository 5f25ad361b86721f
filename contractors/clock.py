"""The time as the doors of the workers see it; demonstrations and tests may move it."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime


class NotMoved(ValueError):
    """The clock of this service stays, or there is no such moment."""


def read(now: str | None) -> datetime:
    """The moment given (RFC 3339, with its zone), or this one."""
    return datetime.fromisoformat(now) if now else timezone.now()


def moved(to: str) -> datetime:
    """The moment that somebody at a terminal names. Refused with `NotMoved` in real use."""
    if not settings.ALLOW_CLOCK:
        raise NotMoved("The clock may be moved only with ALLOW_CLOCK=1, never in use.")
    moment = parse_datetime(to)
    if moment is None or timezone.is_naive(moment):
        raise NotMoved("Give a time with its zone, as 2027-01-15T01:00:00Z.")
    return moment
