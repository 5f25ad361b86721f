"""Write down what happened, and owe it to whoever listens. The counter is an act's last lock."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection

from contractors import copying
from contractors.actors import Actor
from contractors.models import Contractor
from events import bell
from events.models import ABOUT, Delivery, Endpoint, Event, Kind
from events.tracing import request_id

MANY: Final = 50  # events from which COPY is worth its two calls


@dataclass(frozen=True)
class Happening:
    """`changed` names fields, never values; `detail` holds codes, never names or answers.

    `actor`: who did this one, where it is not whoever did the act.
    """

    kind: Kind
    subject_id: uuid.UUID
    changed: Sequence[str] = ()
    detail: Mapping[str, object] = field(default_factory=dict)
    actor: Actor | None = None


def record(
    contractor: Contractor, happenings: Sequence[Happening], *, actor: Actor, now: datetime
) -> list[Event]:
    """Call once, last in the transaction of the act: all that it made is numbered here.

    At most 1,000 happenings a call; more belong into several transactions.
    """
    first = _take(contractor, len(happenings))
    events = [
        Event(
            contractor=contractor,
            sequence=sequence,
            kind=each.kind,
            subject_type=ABOUT.get(each.kind, each.kind.partition(".")[0]),
            subject_id=each.subject_id,
            occurred_at=now,
            actor=(each.actor or actor).plain(),
            request_id=request_id.get(),
            changed=list(each.changed),
            detail=dict(each.detail),
        )
        for sequence, each in enumerate(happenings, start=first)
    ]
    if len(events) < MANY:
        Event.objects.bulk_create(events)
    else:
        copying.number(Event, events)
        copying.put(Event, events, numbered=True)
    _owe(contractor, events, now=now)
    return events


def _owe(contractor: Contractor, events: Sequence[Event], *, now: datetime) -> None:
    endpoints = list(Endpoint.objects.listening(contractor))
    owed = Delivery.objects.bulk_create(
        Delivery(contractor=contractor, event=event, endpoint=endpoint, owed_at=now, due_at=now)
        for event in events
        for endpoint in endpoints
        if endpoint.wants(event.kind)
    )
    if owed:
        bell.ring("events.deliver")


def _take(contractor: Contractor, count: int) -> int:
    """The first of `count` numbers; whoever comes next waits for our commit, so none is skipped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_counter AS mine (contractor_id, last) VALUES (%s, %s)"
            " ON CONFLICT (contractor_id) DO UPDATE SET last = mine.last + excluded.last"
            " RETURNING last",
            [contractor.pk, count],
        )
        return int(cursor.fetchone()[0]) - count + 1
