"""Nothing of ours is mocked: real database, real mailbox, real listener, real broker or none."""

import logging
import os
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from hypothesis import settings as effort

from assessments import smtp
from config.celery import app
from contractors import managing
from contractors.actors import SYSTEM
from contractors.models import Contractor, Scope
from tests.calling import Caller
from tests.factories import ContractorFactory
from tests.moods import Moody
from tests.running import JOINED

# Each client of a test would look through all static files before its first request.
settings.WHITENOISE_AUTOREFRESH = True

pytest_plugins = ["tests.overhearing", "tests.servers"]

# Properties are about what is true, never about how fast a busy machine draws or checks it.
effort.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# The same cases every time there, so that what lands is judged by its change and not by luck.
effort.register_profile("ci", parent=effort.get_profile("patient"), derandomize=True)
# A broken twin must fail every time, however large the case: nobody reads its smallest one.
effort.register_profile(
    "twin",
    parent=effort.get_profile("patient"),
    phases=[Phase.explicit, Phase.generate],
    max_examples=2_000,
)
effort.load_profile("twin" if JOINED in os.environ else "ci" if os.environ.get("CI") else "patient")


@pytest.fixture
def contractor(db: None) -> Contractor:
    return ContractorFactory.create()


@pytest.fixture
def api_of() -> Callable[..., Caller]:
    """The REST API as a contractor sees it, with all scopes unless some are named."""

    def api_of(
        contractor: Contractor, *scopes: str, user: Any = None, role: Any = None, **key: Any
    ) -> Caller:
        _key, clear = managing.issue_key(
            contractor,
            scopes=scopes or Scope.values,
            actor=SYSTEM,
            now=timezone.now(),
            held_by=user or role,
            **key,
        )
        client = Caller()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {clear}")
        return client

    return api_of


@pytest.fixture
def api(contractor: Contractor, api_of: Callable[..., Caller]) -> Caller:
    return api_of(contractor)


@pytest.fixture
def strike(heard: logging.Handler, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Does what the clock would do within minutes, so nothing here hangs on a ring being heard.

    The eraser has a connection of its own, which sees what is committed and nothing else.
    """
    names = {entry["task"] for entry in app.conf.beat_schedule.values()}
    if "committed" not in request.fixturenames:
        names.remove("retention.erase")
    app.loader.import_default_modules()
    logging.getLogger().addHandler(heard)  # Celery has just set Django up anew, and its log

    def strike(now: Any = None) -> None:
        moment = (now or timezone.now()).isoformat()
        for entry in app.conf.beat_schedule.values():
            while entry["task"] in names and app.tasks[entry["task"]](now=moment):
                pass

    return strike


class Mailbox(Moody):
    """A mail server's handler: keeps what it takes, and refuses what it is told to refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[EmailMessage] = []
        self.refused: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        if (answer := await self.moody("RCPT", server)) is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if (answer := await self.moody("DATA", server)) is not None:
            return answer
        mail = BytesParser(policy=policy.default).parsebytes(envelope.content)
        self.mails.append(mail)
        return await self.moody("TAKEN", server) or "250 OK"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A real mail server on this machine, and what reached it."""
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "assessments.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield box
    smtp.forget()
    server.stop()


class Listener(ThreadingHTTPServer):
    """A contractor's system: keeps what it is told, and answers with `status` and `headers`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Heard)
        self.status = 204
        self.headers: dict[str, str] = {}
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class Heard(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((dict(self.headers), body))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    settings.ALLOW_LOOPBACK_WEBHOOKS = True
    with Listener() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return server.server_port
