"""A limit for a whole conversation: whoever drips a byte now and then passes every other one."""

import contextlib
import heapq
import os
import socket
import time
from itertools import count
from threading import Condition, Thread


class Deadline:
    """Cuts every connection made under it once the time, in seconds, is over."""

    def __init__(self, seconds: float) -> None:
        self.passed = self._over = False
        self._seconds = seconds
        self._watched: list[socket.socket] = []

    def watch(self, connection: socket.socket) -> socket.socket:
        # By a number of its own: TLS takes the socket itself over.
        self._watched.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self.passed:
            self.cut()
        return connection

    def cut(self) -> None:
        """The time is over, unless the conversation is."""
        if self._over:
            return
        self.passed = True
        for each in self._watched:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "Deadline":
        _alarm.set(self, self._seconds)
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        for each in self._watched:
            each.close()


class _Alarm:
    """One thread for all deadlines of a process: one for each would cost as much as a letter."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._set: list[
            tuple[float, int, Deadline]
        ] = []  # a heap; what is over stays till its time
        self._numbers = count()
        self._thread: Thread | None = None

    def set(self, deadline: Deadline, seconds: float) -> None:
        with self._changed:
            alarm = (time.monotonic() + seconds, next(self._numbers), deadline)
            heapq.heappush(self._set, alarm)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._set[0] is alarm:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            self._next().cut()

    def _next(self) -> Deadline:
        """The first one, as soon as its time has come."""
        with self._changed:
            while not self._set or self._set[0][0] > time.monotonic():
                first = self._set[0][0] - time.monotonic() if self._set else None
                self._changed.wait(first)
            return heapq.heappop(self._set)[2]


def _begin_anew() -> None:
    """Threads do not survive a fork, nor what they held."""
    global _alarm
    _alarm = _Alarm()


_alarm = _Alarm()
os.register_at_fork(after_in_child=_begin_anew)
