"""One blow after the other while mail leaves."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.utils import timezone

from assessments.models import Mail
from tests.faults.campaigning import SEND, all_are_closed
from tests.faults.doorbell import Doorbell

LEASE = 8  # seconds, so that nobody waits for five minutes
PATIENCE = 300.0  # seconds, on a busy machine


def ringing(doorbell: Doorbell) -> Callable[[], bool]:
    """Whether all is closed; the bell rings meanwhile, and no step of a ladder takes its time."""

    def done() -> bool:
        now = timezone.now()
        put_off = Mail.objects.filter(due_at__gt=now + timedelta(seconds=LEASE))
        put_off.update(due_at=now)
        doorbell.ring(SEND)
        time.sleep(0.3)
        return all_are_closed()

    return done


@contextmanager
def again_and_again(
    blow: Callable[[], list[Any] | None], pause: Callable[[], float]
) -> Iterator[list[Any]]:
    """Strike until it is over; the list it gives keeps what was struck."""
    over = Event()
    struck: list[Any] = []

    def strike() -> None:
        while not over.wait(pause()):
            struck.extend(blow() or [])

    thread = Thread(target=strike)
    thread.start()
    try:
        yield struck
    finally:
        over.set()
        thread.join()
