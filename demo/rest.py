"""The contractor's system calls the REST API, and shows every call."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from demo.failing import Failed
from demo.telling import Teller

TIMEOUT: Final = 30  # seconds
SENT: Final = 60  # lines shown of what is sent
SHOWN: Final = ("Location", "ETag", "Idempotent-Replayed")  # headers of answers


@dataclass(frozen=True)
class Reply:
    headers: Mapping[str, str]
    content: bytes
    json: Any


@dataclass
class Rest:
    """One key's view of the API. `base` has no slash at its end."""

    base: str
    key: str
    teller: Teller
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False  # a proxy could not reach this machine's own port
        self.session.headers["Authorization"] = f"Bearer {self.key}"

    def get(self, path: str, *, most: int = 0) -> Any:
        return self.call("GET", path, most=most).json

    def change(self, path: str, body: Any) -> Reply:
        """Read it, then change what was read: the tag says so."""
        tag = self.call("GET", path, most=0).headers["ETag"]
        return self.call("PATCH", path, body, seen=tag)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        once: str = "",
        seen: str = "",
        most: int = 12,
    ) -> Reply:
        """`once` is the Idempotency-Key, `seen` the ETag of what was read.

        `most` lines of the answer are shown, 0 of neither.
        """
        sent = {"Idempotency-Key": once, "If-Match": seen}
        headers = {name: value for name, value in sent.items() if value}
        line = f"{method} {path}"
        if most:
            self.teller.request(line, headers, body, SENT)
        return self._send(line, most, json=body, headers=headers)

    def upload(
        self, path: str, name: str, content: bytes, *, once: str = "", **fields: str
    ) -> Reply:
        """One file and perhaps some fields as a form, as browsers send it."""
        line, headers = f"POST {path}", {"Idempotency-Key": once} if once else {}
        shown = fields | {"file": f"{name}, {len(content)} bytes"}
        self.teller.request(line, headers, shown, SENT)
        return self._send(line, 12, files={"file": (name, content)}, data=fields, headers=headers)

    def _send(self, line: str, most: int, **sent: Any) -> Reply:
        method, _, path = line.partition(" ")
        began = time.monotonic()
        try:
            answer = self.session.request(method, self.base + path, timeout=TIMEOUT, **sent)
        except requests.RequestException as error:
            raise Failed(f"The service did not answer {line}: {error}") from error
        took = time.monotonic() - began
        told = {name: answer.headers[name] for name in SHOWN if name in answer.headers}
        content = _content(answer)
        if not answer.ok:
            self.teller.answer(answer.status_code, took, told, content, most=40)
            raise Failed(f"{line} was refused with {answer.status_code}.")
        if most:
            self.teller.answer(answer.status_code, took, told, content, most)
        else:
            self.teller.exchange(line, answer.status_code, took)
        return Reply(answer.headers, answer.content, content)


def _content(answer: requests.Response) -> Any:
    """JSON, or whatever else came instead; of a file its size."""
    if answer.headers.get("Content-Type", "") == "application/pdf":
        return f"{len(answer.content)} bytes"
    try:
        return answer.json() if answer.content else None
    except ValueError:
        return answer.text
