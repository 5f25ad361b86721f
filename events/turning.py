"""A worker's turn at what is owed: claim a few rows, act on each of them while the claim holds."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

import structlog
from django.conf import settings
from django.db import close_old_connections

from contractors import clock
from events.errors import Halted
from events.owed import CLAIM, LEASE, Owed, OwedQuerySet
from events.reconnecting import ENDED, surely

M = TypeVar("M", bound=Owed)
N = TypeVar("N", bound=Owed, contravariant=True)


class Act(Protocol[N]):
    def __call__(self, row: N, /, *, now: datetime) -> object: ...


class Begin(Protocol[M]):
    """What is done for all rows of a claim at once: which of them go on, and how."""

    def __call__(self, rows: Sequence[M], /, *, now: datetime) -> tuple[Sequence[M], Act[M]]: ...


AWAY: Final = timedelta(minutes=1)  # until somebody looks again whether what is needed is there

log = structlog.get_logger(__name__)


def singly(act: Act[M]) -> Begin[M]:
    """For rows that have nothing in common."""
    return lambda rows, *, now: (rows, act)  # noqa: ARG005


def take(rows: OwedQuerySet[M], begin: Begin[M], *, now: str | None = None) -> bool:
    """Whether more may be due than this turn took.

    Whoever slept acts no more on what its lease has no time for: somebody else has it soon. What
    fails with an error of our own costs no other row its turn.
    """
    ends = time.monotonic() + LEASE.total_seconds() - settings.MAIL_TIMEOUT
    claimed = surely(rows.claim, now=clock.read(now))
    going = _begun(rows, claimed, begin, now=clock.read(now)) if claimed else []
    for place, (row, act) in enumerate(going):
        if time.monotonic() >= ends:
            break
        moment = clock.read(now)
        try:
            act(row, now=moment)
        except Halted as error:
            log.warning("halted", what=row._meta.model_name, error=str(error))
            for each, _act in going[place:]:
                surely(rows.hold_up, each, until=moment + AWAY, outcome="halted")
            return False
        except Exception as error:  # noqa: BLE001  # it is logged there
            _failed(rows, row, error, now=moment)
    return len(claimed) == CLAIM


def _begun(
    rows: OwedQuerySet[M], claimed: Sequence[M], begin: Begin[M], *, now: datetime
) -> list[tuple[M, Act[M]]]:
    """Each row that goes on. Where all at once fail, each is tried by itself."""
    try:
        going, act = begin(claimed, now=now)
        return [(row, act) for row in going]
    except Exception as error:  # noqa: BLE001  # likewise
        if len(claimed) > 1:
            close_old_connections()
            return [pair for row in claimed for pair in _begun(rows, [row], begin, now=now)]
        _failed(rows, claimed[0], error, now=now)
        return []


def _failed(rows: OwedQuerySet[M], row: M, error: Exception, *, now: datetime) -> None:
    what = row._meta.model_name
    if isinstance(error, ENDED):  # which is no fault of the row
        log.error("database_failed", what=what, exc_info=error)
        close_old_connections()
        surely(rows.hold_up, row, until=now + AWAY, outcome=row.outcome)
        return
    log.error("row_failed", what=what, attempt=row.attempt, exc_info=error)
    surely(rows.put_off, row, now=now, outcome="failed")
