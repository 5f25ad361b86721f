"""Ports of this machine, held so that nobody else takes them before they are used."""

import contextlib
import socket


def hold(wanted: int = 0) -> socket.socket:
    """Listen on the wanted port if nobody does, otherwise on another one; close it to use it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do after a restart
    with contextlib.suppress(OSError):
        held.bind(("127.0.0.1", wanted))
        held.listen(1)
        return held
    held.close()
    return hold()


def number(held: socket.socket) -> int:
    return int(held.getsockname()[1])
