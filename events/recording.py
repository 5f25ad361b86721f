"""Write down what happened, and owe it to whoever listens. The counter is an act's last lock."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection

from contractors import copying
from contractors.actors import Actor
from contractors.ids import new_id
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
) -> None:
    """Call once, last in the transaction of the act: all that it made is numbered here.

    At most 1,000 happenings a call; more belong into several transactions.
    """
    first = _take(contractor, len(happenings))
    alike = {"contractor": contractor, "occurred_at": now, "request_id": request_id.get()}
    kinds = [str(each.kind) for each in happenings]
    columns: dict[str, Sequence[Any]] = {
        "sequence": range(first, first + len(happenings)),
        "kind": kinds,
        "subject_type": [ABOUT.get(each.kind, each.kind.partition(".")[0]) for each in happenings],
        "subject_id": [each.subject_id for each in happenings],
        "actor": [(each.actor or actor).plain() for each in happenings],
        "changed": [list(each.changed) for each in happenings],
        "detail": [dict(each.detail) for each in happenings],
    }
    store = _store_few if len(happenings) < MANY else _store_many
    _owe(contractor, zip(store(alike, columns), kinds, strict=True), now=now)


def _store_few(alike: dict[str, Any], columns: dict[str, Sequence[Any]]) -> list[int]:
    lines = (dict(zip(columns, each, strict=True)) for each in zip(*columns.values(), strict=True))
    return [
        event.pk for event in Event.objects.bulk_create(Event(**alike, **each) for each in lines)
    ]


def _store_many(alike: dict[str, Any], columns: dict[str, Sequence[Any]]) -> list[int]:
    keys = copying.keys(Event, len(columns["sequence"]))
    copying.put_alike(Event(**alike), id=keys, public_id=[new_id() for _ in keys], **columns)
    return keys


def _owe(contractor: Contractor, events: Iterable[tuple[int, str]], *, now: datetime) -> None:
    endpoints = list(Endpoint.objects.listening(contractor))
    owed = Delivery.objects.bulk_create(
        Delivery(contractor=contractor, event_id=key, endpoint=endpoint, owed_at=now, due_at=now)
        for key, kind in events
        for endpoint in endpoints
        if endpoint.wants(kind)
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
