"""The contractor's own system: takes webhooks and keeps them as they came."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from demo.telling import Teller


@dataclass(frozen=True)
class Call:
    headers: dict[str, str]  # names in small letters
    body: bytes


class Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls: list[Call] = []
        self.url = f"http://127.0.0.1:{self.server_port}/tasuki"


class Handler(BaseHTTPRequestHandler):
    server: Listener
    timeout = 10  # seconds

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.calls.append(Call(headers, body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """The demonstration shows the calls itself."""


@contextmanager
def running() -> Iterator[Listener]:
    with Listener() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def show(teller: Teller, call: Call, verified: Any) -> None:
    """A call whose signature was found right, with the headers that prove it."""
    headers = {name: value for name, value in call.headers.items() if name.startswith("webhook-")}
    teller.request("POST from the service to our listener", headers, verified, most=20)
