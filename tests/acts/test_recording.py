"""What happened is written down alike, whether few things happened at once or many."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contractors.actors import SYSTEM
from events import recording
from events.models import Delivery, Event, Kind
from events.recording import MANY, Happening
from tests.factories import ContractorFactory, EndpointFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, tzinfo=UTC)
ODD = {"old_level": None, "new_level": "重要\t\\N\n\"'{}", "numbers": [1, 2.5, True]}
CHANGED = ["standing", 'a "b", {c}\\', ""]


def happening(number, **fields):
    return Happening(Kind.RATING_CHANGED, UUID(int=number), **fields)


def told():
    own = {"id", "public_id", "sequence", "subject_id"}
    return [
        {name: value for name, value in row.items() if name not in own}
        for row in Event.objects.order_by("sequence").values()
    ]


def test_many_are_written_like_a_single_one():
    contractor = ContractorFactory.create()
    said = {"changed": CHANGED, "detail": ODD}
    recording.record(contractor, [happening(1, **said)], actor=SYSTEM, now=NOW)
    many = [happening(number, **said) for number in range(2, MANY + 2)]

    recording.record(contractor, many, actor=SYSTEM, now=NOW)

    [single, *others] = told()
    assert others == [single] * MANY
    assert (single["detail"], single["changed"]) == (ODD, CHANGED)
    stored = Event.objects.order_by("sequence").values_list("sequence", "subject_id", "public_id")
    sequences, subjects, ids = zip(*stored, strict=True)
    assert sequences == tuple(range(1, MANY + 2))
    assert subjects == tuple(UUID(int=number) for number in range(1, MANY + 2))
    assert len(set(ids)) == MANY + 1


def test_many_without_anything_said_are_written_too():
    recording.record(
        ContractorFactory.create(), [happening(n) for n in range(MANY)], actor=SYSTEM, now=NOW
    )

    assert [(each["changed"], each["detail"]) for each in told()] == [([], {})] * MANY


def test_many_are_owed_to_whoever_listens():
    endpoint = EndpointFactory.create()
    many = [happening(number) for number in range(MANY)]

    recording.record(endpoint.contractor, many, actor=SYSTEM, now=NOW)
    recording.record(endpoint.contractor, [happening(MANY)], actor=SYSTEM, now=NOW)

    owed = Delivery.objects.order_by("pk").values_list("event__sequence", flat=True)
    assert list(owed) == list(range(1, MANY + 2))
