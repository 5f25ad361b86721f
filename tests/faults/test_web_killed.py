"""The web process dies after its commit and before its answer: asking again is safe."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from uuid import uuid4

import pytest
import requests

from assessments.models import Assessment, Mail
from contractors.models import IdempotencyRecord
from events.models import Event
from tests.factories import ContactFactory
from tests.faults.calling import Caller, question_to


class Trap:
    """Stands where the bell should: it is rung only after the commit, and then it strikes."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self.server.getsockname()[1]}/0"
        self.strike = lambda: None
        self.sprung = 0
        Thread(target=self._wait, daemon=True).start()

    def _wait(self):
        with suppress(OSError):
            while True:
                line, _ = self.server.accept()
                self.sprung += 1
                self.strike()
                line.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    trap = Trap()
    yield trap
    trap.server.close()


def test_asking_again_after_a_kill_gets_the_kept_answer_and_makes_no_second_row(
    service, contractor, trap
):
    contact = ContactFactory.create(contractor=contractor)
    caller = Caller(service.url)
    caller.sign_in(contractor)
    body, key = question_to(contact.supplier.public_id), str(uuid4())
    web = service.web(REDIS_URL=trap.url)
    trap.strike, before = web.kill, trap.sprung  # being ready, it looked whether the bell answers

    with pytest.raises(requests.ConnectionError):
        caller.post("assessments/", body, **{"Idempotency-Key": key})
    web.end()
    [made] = Assessment.objects.all()
    service.web()
    again = caller.post("assessments/", body, **{"Idempotency-Key": key})
    once_more = caller.post("assessments/", body, **{"Idempotency-Key": key})

    assert trap.sprung == before + 1
    assert again.status_code == once_more.status_code == 201
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.content == once_more.content
    assert again.json()["id"] == str(made.public_id)
    assert Assessment.objects.count() == Mail.objects.count() == 1
    assert IdempotencyRecord.objects.count() == 1
    assert Event.objects.filter(subject_id=made.public_id).count() == 2
