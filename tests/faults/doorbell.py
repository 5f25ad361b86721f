"""A Valkey of one test's own: wiped, stopped and frozen, while nobody else's bell is touched."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import redis
from kombu import Connection

from config.celery import app
from config.embedded import wheels
from tests.faults.processes import GRACE, until


@dataclass
class Doorbell:
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                str(wheels.installed().valkey),
                *("--bind", "127.0.0.1", "--port", str(self.port)),
                *("--save", "", "--appendonly", "no", "--dir", tempfile.gettempdir()),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self.answers, "Valkey answers")

    def stop(self) -> None:
        """Gone at once: whoever connects is refused."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(GRACE)

    def freeze(self) -> None:
        """Still there, but it answers nobody: whoever connects may wait for ever."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGCONT)

    def ring(self, name: str) -> None:
        with Connection(self.url) as line:
            app.send_task(name, connection=line)

    def answers(self) -> bool:
        with suppress(redis.ConnectionError), self._client() as client:
            return bool(client.ping())
        return False

    def listener_since(self, callers: int) -> bool:
        """Whether a worker waits for the next ring that came after so many callers."""
        with self._client() as client:
            clients = client.client_list()
        return any(int(each["id"]) > callers and each["cmd"] == "brpop" for each in clients)

    def names_with(self, word: str) -> list[str]:
        """Of its queues and what belongs to them."""
        with self._client() as client:
            return [name.decode() for name in client.keys(f"*{word}*")]

    def callers(self) -> int:
        """How many ever connected."""
        with self._client() as client:
            return int(client.client_id())

    @contextmanager
    def wiped_every(self, seconds: float) -> Iterator[list[int]]:
        """FLUSHALL again and again; counts how often in the list it gives."""
        over, wiped = Event(), [0]

        def wipe() -> None:
            with self._client() as client:
                while not over.wait(seconds):
                    client.flushall()
                    wiped[0] += 1

        thread = Thread(target=wipe)
        thread.start()
        try:
            yield wiped
        finally:
            over.set()
            thread.join()

    def _client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=5)
