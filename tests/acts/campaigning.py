"""A campaign as its contractor launches it, and what the workers make of it."""

from datetime import UTC, datetime

from assessments import launching, settling
from assessments.preparing import Confirmed
from contractors.actors import SYSTEM

TUESDAY = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)  # half past nine in Tokyo
TEN = datetime(2026, 12, 1, 1, tzinfo=UTC)


def launch(campaign, now=TUESDAY, **confirmed):
    return launching.launch(campaign, confirmed=Confirmed(**confirmed), actor=SYSTEM, now=now)


def work(now=TUESDAY):
    while claimed := launching.claim(now=now):
        for operation in claimed:
            launching.go_on(operation, now=now)


def settle(now):
    while settling.settle_next(now=now):
        pass
