"""A limit for a whole conversation: whoever drips a byte now and then passes every other one."""

import contextlib
import os
import socket
from threading import Timer


class Deadline:
    """Cuts every connection made under it once the time, in seconds, is over."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._watched: list[socket.socket] = []
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def watch(self, connection: socket.socket) -> socket.socket:
        # By a number of its own: TLS takes the socket itself over.
        self._watched.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self.passed:
            self._cut()
        return connection

    def _cut(self) -> None:
        self.passed = True
        for each in self._watched:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for each in self._watched:
            each.close()
