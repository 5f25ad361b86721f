"""Valkey: the doorbell. It keeps nothing, so it may be lost at any moment."""

import signal
import socket
from collections.abc import Callable
from typing import Final

from config.embedded import addresses, places
from config.embedded.servers import Server
from config.embedded.wheels import Programs

SETTINGS: Final = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory-policy": "noeviction",
    "databases": "64",
    "daemonize": "no",
    "loglevel": "warning",
}


def server(programs: Programs, stopped: Callable[[], bool]) -> Server:
    path = str(addresses.valkey_socket())
    pid_file = places.sockets() / "valkey.pid"
    settings = SETTINGS | {
        "unixsocket": path,
        "pidfile": str(pid_file),
        "dir": str(places.sockets()),
    }
    arguments = [part for key, value in settings.items() for part in (f"--{key}", value)]
    return Server(
        name="Valkey",
        command=[str(programs.valkey), *arguments],
        pid_file=pid_file,
        marker=f"unixsocket:{path}",  # Valkey renames itself so
        answers=answers,
        stopping=(signal.SIGTERM, signal.SIGKILL),
        stopped=stopped,
    )


def answers() -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(addresses.valkey_socket()))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
