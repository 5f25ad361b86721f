"""A worker's turn at what is owed: claim a few rows, act on each of them while the claim holds."""

import time
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


AWAY: Final = timedelta(minutes=1)  # until somebody looks again whether what is needed is there

log = structlog.get_logger(__name__)


def take(rows: OwedQuerySet[M], act: Act[M], *, now: str | None = None) -> bool:
    """Whether more may be due than this turn took.

    Whoever slept acts no more on what its lease has no time for: somebody else has it soon. What
    fails with an error of our own costs no other row its turn.
    """
    ends = time.monotonic() + LEASE.total_seconds() - settings.MAIL_TIMEOUT
    claimed = surely(rows.claim, now=clock.read(now))
    for place, row in enumerate(claimed):
        if time.monotonic() >= ends:
            break
        moment = clock.read(now)
        try:
            act(row, now=moment)
        except Halted as error:
            log.warning("halted", what=row._meta.model_name, error=str(error))
            for each in claimed[place:]:
                surely(rows.postpone, each, until=moment + AWAY, outcome="halted")
            return False
        except ENDED:  # which is no fault of the row
            log.exception("database_failed", what=row._meta.model_name)
            close_old_connections()
            surely(rows.postpone, row, until=moment + AWAY)
        except Exception:
            log.exception("row_failed", what=row._meta.model_name, attempt=row.attempt)
            surely(rows.put_off, row, now=moment, outcome="failed")
    return len(claimed) == CLAIM
