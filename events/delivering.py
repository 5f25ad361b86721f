"""Tell endpoints what happened: thin, signed, and closed only by whoever claimed it."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus

from django.conf import settings
from standardwebhooks import Webhook

from events import posting, sealing
from events.models import TEST_KIND, Delivery, Endpoint, subject
from events.posting import Reply
from events.reconnecting import surely
from events.turning import Act

THROTTLED = frozenset({429, 502, 503, 504})
LONGEST_PAUSE = timedelta(hours=24)


def begin(
    claimed: Sequence[Delivery], *, now: datetime
) -> tuple[Sequence[Delivery], Act[Delivery]]:
    """One attempt for each, side by side: a receiver that hangs holds nobody else, nor does a
    delivery that cannot be made.
    """
    with ThreadPoolExecutor(max_workers=len(claimed)) as pool:
        replies = {each.pk: pool.submit(_attempt, each, now=now) for each in claimed}
    return claimed, partial(_end, replies)


def _attempt(delivery: Delivery, *, now: datetime) -> Reply:
    return _post(*_call(delivery, now=now))


def _end(replies: Mapping[int, Future[Reply]], delivery: Delivery, *, now: datetime) -> None:
    surely(_conclude, delivery, replies[delivery.pk].result(), now=now)


def payload(delivery: Delivery) -> bytes:
    """What is sent, byte for byte: ids, kind, sequence and names of fields; never a value."""
    event = delivery.event
    if event is None:
        kind, occurred_at, sequence, changed = TEST_KIND, delivery.owed_at, 0, []
        about = subject("webhook", delivery.endpoint.public_id)
        event_id = delivery.public_id
    else:
        kind, occurred_at, sequence = event.kind, event.occurred_at, event.sequence
        about, changed, event_id = event.subject(), event.changed, event.public_id
    data = {"id": str(event_id), "sequence": sequence, "subject": about, "changed": changed}
    timestamp = occurred_at.isoformat().replace("+00:00", "Z")
    return json.dumps({"type": kind, "timestamp": timestamp, "data": data}).encode()


def _call(delivery: Delivery, *, now: datetime) -> tuple[str, bytes, dict[str, str]]:
    body = payload(delivery)
    event_id = str(delivery.event.public_id if delivery.event else delivery.public_id)
    secret = sealing.unseal(delivery.endpoint.sealed_secret)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(event_id, now, body.decode()),
    }
    return delivery.endpoint.url, body, headers


def _post(url: str, body: bytes, headers: dict[str, str]) -> Reply:
    return posting.post(url, body, headers, allow_loopback=settings.ALLOW_LOOPBACK_WEBHOOKS)


def _conclude(delivery: Delivery, reply: Reply, *, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(last_status=reply.status)
    if reply.taken:
        Delivery.objects.close(delivery, now=now, outcome=reply.outcome)
        return
    if reply.status == HTTPStatus.GONE:
        Endpoint.objects.filter(pk=delivery.endpoint_id).update(status=Endpoint.Status.DISABLED)
        Delivery.objects.close(delivery, now=now, outcome=reply.outcome)
        return
    pause = min(timedelta(seconds=reply.retry_after or 0), LONGEST_PAUSE)
    Delivery.objects.put_off(delivery, now=now, outcome=reply.outcome, at_least=pause)
    if reply.status in THROTTLED:
        waiting = Delivery.objects.filter(endpoint=delivery.endpoint_id, due_at__lte=now + pause)
        until = now + max(pause, timedelta(minutes=1))
        waiting.update(due_at=until, late_since=None)
