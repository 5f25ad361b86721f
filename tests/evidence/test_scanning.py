"""What a scanner says, what it does not say, and what follows from either."""

import json
import socket
import socketserver
from datetime import timedelta
from threading import Thread

import pytest
from django.utils import timezone

from suppliers.models import Evidence, EvidenceScan
from tests.evidence import clamd, making
from tests.evidence.sending import send
from tests.factories import SupplierFactory


@pytest.fixture(scope="module")
def scanner():
    with clamd.running() as address:
        yield address


@pytest.fixture
def supplier(contractor):
    return SupplierFactory.create(contractor=contractor)


@pytest.fixture
def answering(settings):
    """A scanner over TCP that answers as it is told, or hangs up."""

    class Answering(socketserver.BaseRequestHandler):
        def handle(self):
            if answer is None:
                return
            while (length := int.from_bytes(self.exactly(4))) != 0:
                self.exactly(length)
            self.request.sendall(answer)

        def setup(self):
            self.exactly(10)

        def exactly(self, count):
            return self.request.recv(count, socket.MSG_WAITALL)

    answer = b""

    def answering(told):
        nonlocal answer
        answer = told
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield answering
        server.shutdown()


def test_a_real_scanner_calls_a_document_clean(scanner, api, supplier, settings):
    settings.CLAMD_URL = scanner

    assert send(api, supplier, making.pdf()).json()["scan"] == "clean"
    assert EvidenceScan.objects.count() == 0


def test_a_real_scanner_finds_malware_and_nothing_is_kept(
    scanner, api, supplier, settings, kept, heard
):
    settings.CLAMD_URL = scanner

    answer = send(api, supplier, making.EICAR.encode(), "a-name-of-ours.txt")

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (400, "/file", "infected")
    assert "ウイルス" in error["detail"]
    assert kept() == []
    assert not Evidence.objects.exists()
    [line] = [each for each in heard.lines if each["event"] == "malware refused"]
    assert line["signature"].startswith("Eicar-Test-Of-Ours")
    assert "a-name-of-ours" not in heard.text.getvalue()


def test_what_is_longer_than_the_scanner_takes_is_not_called_clean(
    scanner, api, supplier, settings
):
    settings.CLAMD_URL = scanner

    answer = send(api, supplier, b"0123456789\n" * (2 * clamd.MOST // 11), "a.txt")

    assert (answer.status_code, answer.json()["scan"]) == (201, "unscanned")


def test_what_nobody_scanned_is_scanned_when_the_scanner_is_there(
    scanner, api, supplier, settings, strike
):
    made = send(api, supplier, making.pdf())
    assert made.json()["scan"] == "unscanned"
    strike()
    assert api.get(made["Location"]).json()["scan"] == "unscanned"

    settings.CLAMD_URL = scanner
    strike()

    assert api.get(made["Location"]).json()["scan"] == "clean"
    assert EvidenceScan.objects.get().outcome == "clean"


def test_malware_that_is_found_later_goes_at_once(
    scanner, api, supplier, settings, strike, kept, caplog
):
    made = send(api, supplier, making.EICAR.encode(), "a-name-of-ours.txt")

    settings.CLAMD_URL = scanner
    strike()

    assert api.get(made["Location"]).status_code == 404
    assert kept() == []
    assert EvidenceScan.objects.get().outcome == "removed"
    assert "malware removed" in caplog.text
    assert "a-name-of-ours" not in caplog.text


def test_with_require_scan_nothing_unscanned_leaves(scanner, api, supplier, settings, strike):
    settings.REQUIRE_SCAN = True
    made = send(api, supplier, making.pdf())

    refused = api.get(made["Location"] + "download/")

    assert (refused.status_code, refused.json()["code"]) == (409, "not-scanned")
    settings.CLAMD_URL = scanner
    strike()
    given = api.get(made["Location"] + "download/")
    assert b"".join(given) == making.pdf()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK but not quite\0",
        b"stream: Eicar FOUND or not\0",
        b"OK\0",
        b"x" * 100_000,
    ],
)
def test_an_odd_answer_is_never_clean(answer, answering, api, supplier):
    answering(answer)

    assert send(api, supplier, making.pdf()).json()["scan"] == "unscanned"


def test_a_plain_answer_over_tcp_is_understood(answering, api, supplier):
    answering(b"stream: OK\0")

    assert send(api, supplier, making.pdf()).json()["scan"] == "clean"


def test_a_finding_over_tcp_is_understood(answering, api, supplier, kept):
    answering(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")

    answer = send(api, supplier, making.pdf())

    assert json.loads(answer.content)["errors"][0]["code"] == "infected"
    assert kept() == []


@pytest.mark.parametrize("address", ["unix:///nowhere/clamd.ctl", "tcp://127.0.0.1:1"])
def test_a_scanner_that_is_away_calls_nothing_clean(address, api, supplier, settings):
    settings.CLAMD_URL = address

    assert send(api, supplier, making.pdf()).json()["scan"] == "unscanned"


def test_it_is_tried_again_for_a_month_and_then_stays_unscanned(api, supplier, settings, strike):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    send(api, supplier, making.pdf())

    for day in range(40):
        strike(timezone.now() + timedelta(days=day))

    owed = EvidenceScan.objects.get()
    assert (owed.due_at, owed.closed_at, owed.outcome) == (None, None, "unscanned")
    assert Evidence.objects.get().scan == "unscanned"
