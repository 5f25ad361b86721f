"""Wakes the workers. Losing a ring costs minutes, never work: the clock finds what is due."""

import time
from contextlib import suppress
from typing import Final

from celery import current_app
from celery.exceptions import OperationalError
from django.db import transaction

QUIET: Final = 10.0  # seconds without ringing after a bell that did not answer

_quiet_until = 0.0


def ring(name: str) -> None:
    """Once this transaction is committed. A broker that is away fails nobody."""
    # Not a partial: Django logs the name of a failed robust function, and a partial has none.
    transaction.on_commit(lambda: ring_now(name), robust=True)


def ring_now(name: str) -> None:
    """A bell that hangs holds up one caller for a second, not everybody for ever."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(name, retry=False)
    except OperationalError:
        _quiet_until = time.monotonic() + QUIET
        raise


def ring_if(more: bool, name: str) -> bool:
    """Wake another worker where more remains; gives back whether it does."""
    if more:
        with suppress(OperationalError):  # the clock finds the rest, and a sweep goes on by itself
            ring_now(name)
    return more
