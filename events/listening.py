"""A contractor's systems that want to be told: registered, tested, told again, removed."""

import base64
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from contractors.models import Contractor
from events import bell, sealing
from events.models import Delivery, Endpoint


@transaction.atomic
def register(
    contractor: Contractor, *, url: str, kinds: Collection[str], now: datetime
) -> tuple[Endpoint, str]:
    """An endpoint and its secret (`whsec_…`, 256 bits), which is shown this once."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    endpoint = Endpoint.objects.create(
        contractor=contractor,
        url=url,
        kinds=sorted(kinds),
        sealed_secret=sealing.seal(secret),
        created_at=now,
    )
    return endpoint, secret


@transaction.atomic
def test(endpoint: Endpoint, *, now: datetime) -> Delivery:
    """Owe one test message, through the same path and guard as everything else."""
    delivery = Delivery.objects.create(
        contractor=endpoint.contractor, endpoint=endpoint, owed_at=now, due_at=now
    )
    bell.ring("events.deliver")
    return delivery


@transaction.atomic
def replay(delivery: Delivery, *, now: datetime) -> Delivery:
    """Owe the same message again, under the same `webhook-id`."""
    delivery = Delivery.objects.select_for_update(no_key=True, of=("self",)).get(pk=delivery.pk)
    delivery.due_at, delivery.late_since, delivery.closed_at, delivery.failures = now, None, None, 0
    delivery.save(update_fields=["due_at", "late_since", "closed_at", "failures"])
    bell.ring("events.deliver")
    return delivery


@transaction.atomic
def change(endpoint: Endpoint, fields: Mapping[str, Any]) -> Endpoint:
    """Other kinds, switched off, or switched on again: what is still owed is then delivered."""
    for name, value in fields.items():
        setattr(endpoint, name, value)
    endpoint.save(update_fields=list(fields))
    bell.ring("events.deliver")
    return endpoint


@transaction.atomic
def remove(endpoint: Endpoint) -> None:
    """The endpoint and what is owed to it; the events themselves stay in the feed."""
    endpoint.delete()
