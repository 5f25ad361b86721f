"""What a contractor's system is told, and what a bad one can do to us: nothing."""

import gzip
import json
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from contractors.actors import SYSTEM
from events import delivering, listening, posting, recording, tasks
from events.models import Delivery, Endpoint, Kind
from events.recording import Happening
from tests.factories import SECRET, EndpointFactory

pytestmark = pytest.mark.django_db


def owe(url, kind=Kind.SUPPLIER_UPDATED):
    endpoint = EndpointFactory.create(url=url)
    happening = Happening(kind, endpoint.contractor.public_id, ["名前"])
    recording.record(endpoint.contractor, [happening], actor=SYSTEM, now=timezone.now())
    return Delivery.objects.get()


def attempt(later=timedelta()):
    moment = timezone.now() + later
    claimed = Delivery.objects.select_related("event", "endpoint").claim(now=moment)
    going, act = delivering.begin(claimed, now=moment)
    for each in going:
        act(each, now=moment)
    return claimed


def test_what_is_sent_is_what_was_signed_and_thin(listener):
    delivery = owe(listener.url)

    attempt()

    [(headers, body)] = listener.calls
    event = Webhook(SECRET).verify(body, headers)
    assert body == delivering.payload(delivery)
    assert set(event) == {"type", "timestamp", "data"}
    assert set(event["data"]) == {"id", "sequence", "subject", "changed"}
    assert set(event["data"]["subject"]) == {"type", "id", "url"}
    assert headers["webhook-id"] == event["data"]["id"] == str(delivery.event.public_id)
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.last_status, delivery.due_at) == ("http-204", 204, None)


@given(st.text())
def test_any_body_verifies_with_the_published_library(text):
    body, now = json.dumps({"名": text}), timezone.now()

    signature = Webhook(SECRET).sign("msg_1", now, body)

    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp()))}
    assert Webhook(SECRET).verify(body.encode(), headers | {"webhook-signature": signature})


def test_a_receiver_that_is_ill_is_told_again_under_the_same_id_later(listener):
    owe(listener.url)

    for status, later in ((500, timedelta()), (204, timedelta(hours=1))):
        listener.status = status
        [delivery] = attempt(later)

    [(first, one), (second, two)] = listener.calls
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert one == two
    delivery.refresh_from_db()
    assert (delivery.attempt, delivery.due_at) == (2, None)


def test_the_ladder_ends_after_three_days_and_the_message_can_be_sent_again(listener):
    delivery, start = owe(listener.url), timezone.now()
    listener.status = 500
    while delivery.due_at is not None:
        later = delivery.due_at - start
        attempt(later + timedelta(seconds=1))
        delivery.refresh_from_db()

    assert delivery.attempt == len(Delivery.PAUSES) + 1
    assert later >= timedelta(hours=72)
    assert delivery.closed_at is None

    listening.replay(delivery, now=timezone.now())
    listener.status = 204
    attempt()
    assert listener.calls[-1][0]["webhook-id"] == listener.calls[0][0]["webhook-id"]


def test_who_was_at_it_before_a_message_was_wished_again_can_not_close_it():
    delivery, now = owe("https://hooks.example/"), timezone.now()
    [slow] = Delivery.objects.claim(now=now)
    listening.replay(delivery, now=now)
    [quick] = Delivery.objects.claim(now=now)

    assert not Delivery.objects.close(slow, now=now)
    assert Delivery.objects.close(quick, now=now)


def test_a_redirect_is_a_failure_and_is_not_followed(listener):
    owe(listener.url)
    listener.status, listener.headers = 307, {"Location": listener.url + "/elsewhere"}

    [delivery] = attempt()

    assert len(listener.calls) == 1
    delivery.refresh_from_db()
    assert (delivery.outcome, delivery.closed_at) == ("http-307", None)


def test_gone_switches_the_endpoint_off(listener):
    owe(listener.url)
    listener.status = 410

    attempt()

    assert Endpoint.objects.get().status == Endpoint.Status.DISABLED
    assert not Delivery.objects.filter(due_at__isnull=False).exists()


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_receiver_that_asks_for_patience_gets_it(listener, status):
    delivery = owe(listener.url)
    listener.status, listener.headers = status, {"Retry-After": "3600"}

    attempt()

    delivery.refresh_from_db()
    assert delivery.due_at > timezone.now() + timedelta(minutes=59)


def test_retry_after_is_capped_at_a_day(listener):
    delivery = owe(listener.url)
    listener.status, listener.headers = 503, {"Retry-After": "999999"}

    attempt()

    delivery.refresh_from_db()
    assert delivery.due_at < timezone.now() + timedelta(hours=24, minutes=1)


@contextmanager
def receiver(behave):
    """A server of one connection that does what no good one would."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.settimeout(10)
                try:
                    connection.recv(65536)
                    behave(connection)
                except OSError:
                    pass  # we were cut off, as we should be

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(10)


def hang(connection):
    while connection.recv(65536):
        pass  # takes all that comes and says nothing


def drip(connection):
    for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 1000:
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def flood(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"a" * 65536)


def bomb(connection):
    body = gzip.compress(b"\0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)


@pytest.mark.parametrize("behave", [hang, drip])
def test_an_attempt_ends_in_time_whatever_the_receiver_does(settings, monkeypatch, behave):
    settings.ALLOW_LOOPBACK_WEBHOOKS = True
    monkeypatch.setattr(posting, "TOTAL", 1)  # seconds, so that the test is short
    with receiver(behave) as url:
        owe(url)
        start = time.monotonic()

        [delivery] = attempt()

        assert time.monotonic() - start < 3
        delivery.refresh_from_db()
        assert (delivery.outcome, delivery.last_status) == ("timeout", None)


@pytest.mark.parametrize("behave", [flood, bomb])
def test_an_answers_body_is_never_read(settings, behave):
    settings.ALLOW_LOOPBACK_WEBHOOKS = True
    with receiver(behave) as url:
        owe(url)

        [delivery] = attempt()

        delivery.refresh_from_db()
        assert delivery.outcome == "http-200"


def test_without_the_development_setting_loopback_is_not_reached(listener, settings):
    settings.ALLOW_LOOPBACK_WEBHOOKS = False
    owe(listener.url)

    [delivery] = attempt()

    assert not listener.calls
    delivery.refresh_from_db()
    assert delivery.outcome == "unreachable"


def test_a_test_message_takes_the_same_path_and_the_same_guard(listener, settings):
    endpoint = EndpointFactory.create(url=listener.url)
    listening.test(endpoint, now=timezone.now())
    attempt()
    settings.ALLOW_LOOPBACK_WEBHOOKS = False
    listening.test(endpoint, now=timezone.now())
    attempt()

    [(headers, body)] = listener.calls
    assert Webhook(SECRET).verify(body, headers)["type"] == "webhook.test"
    assert Delivery.objects.last().outcome == "unreachable"


def test_an_endpoint_hears_only_the_kinds_it_asked_for(listener):
    endpoint = EndpointFactory.create(url=listener.url, kinds=[Kind.ASSESSMENT_SUBMITTED])
    kinds = [Kind.ASSESSMENT_STARTED, Kind.ASSESSMENT_SUBMITTED]
    happenings = [Happening(kind, endpoint.public_id) for kind in kinds]

    recording.record(endpoint.contractor, happenings, actor=SYSTEM, now=timezone.now())

    assert Delivery.objects.get().event.kind == Kind.ASSESSMENT_SUBMITTED


def test_a_hanging_receiver_does_not_hold_the_others(listener, settings, monkeypatch):
    monkeypatch.setattr(posting, "TOTAL", 2)
    with receiver(hang) as url:
        owe(url)
        other = EndpointFactory.create(url=listener.url)
        listening.test(other, now=timezone.now())
        start = time.monotonic()

        attempt()

        assert time.monotonic() - start < 4
        assert len(listener.calls) == 1


def test_one_that_cannot_be_made_holds_up_nobody_else(listener):
    well = owe(listener.url)
    broken = EndpointFactory.create(url=listener.url, contractor=well.contractor)
    Endpoint.objects.filter(pk=broken.pk).update(sealed_secret=b"of a key that was lost")
    other = listening.test(broken, now=timezone.now())

    tasks.deliver()

    well.refresh_from_db()
    other.refresh_from_db()
    assert well.closed_at is not None
    assert (other.closed_at, other.outcome, other.failures) == (None, "failed", 1)
    assert len(listener.calls) == 1
