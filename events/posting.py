"""One HTTP attempt: to a vetted address, without redirects, over after 15 seconds in all."""

import socket
from dataclasses import dataclass
from typing import Any

import requests
from requests_hardened import Config, HTTPSession
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from events import addresses
from events.deadline import Deadline

CONNECT = 5  # seconds
TOTAL = 15  # seconds for everything after the DNS answered: a receiver may drip for ever


@dataclass(frozen=True)
class Reply:
    """`status` is None where none came; `outcome` says how it ended in one word."""

    status: int | None
    outcome: str
    retry_after: int | None = None  # seconds

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: dict[str, str], *, allow_loopback: bool) -> Reply:
    """Send these bytes once. The answer's body is never read, so it can neither hold nor fill."""
    try:
        addresses.vet(url, allow_loopback=allow_loopback)
    except (addresses.BadURL, OSError, UnicodeError):
        return Reply(None, "unreachable")  # the same word for all: it must not map a network
    with Deadline(TOTAL) as deadline, _session(deadline, allow_loopback) as session:
        try:
            answer = session.post(url, data=body, headers=headers, stream=True)
        except requests.RequestException as error:
            slow = deadline.passed or isinstance(error, requests.ReadTimeout)
            return Reply(None, "timeout" if slow else "unreachable")
        with answer:
            return Reply(answer.status_code, f"http-{answer.status_code}", _retry_after(answer))


def _retry_after(answer: requests.Response) -> int | None:
    given = answer.headers.get("Retry-After", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 6 else None


def _session(deadline: Deadline, allow_loopback: bool) -> HTTPSession:
    session = HTTPSession(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=allow_loopback,
            never_redirect=True,
            default_timeout=(CONNECT, TOTAL),
            user_agent_override="Tasuki-Webhooks",
        )
    )
    session.trust_env = False  # A proxy of the environment would see what we sign.
    for adapter in session.adapters.values():
        adapter.poolmanager.pool_classes_by_scheme = _watched(deadline)
    return session


def _watched(deadline: Deadline) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return deadline.watch(super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return deadline.watch(super()._new_conn())

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
