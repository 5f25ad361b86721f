"""The erasing act: what is kept no longer is emptied, by the one role that may, and only towards
nothing.

It works on a connection of its own (`eraser`). Each call is one transaction on what is due; a kill
rolls it back and it stays due. Of a snapshot remains what it came to, of a person a row without a
person, of every erasure a line that holds ids and digests. Files go with the rows that name them,
at once or at the next sweep of `suppliers.evidence`.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from retention import statements
from retention.models import Rule
from suppliers import days
from suppliers.evidence import sweeping

ERASER: Final = "eraser"
BATCH: Final = 200  # requests or people a transaction


class NoEraser(Exception):
    """Nothing can be erased from here."""

    def __str__(self) -> str:
        return "This process has no role that may erase: set DATABASE_ERASER_URL."


def erase_due(*, now: datetime) -> dict[Rule, int]:
    """One batch of each kind, and of how many; call it until nothing was done.

    Files that nobody needs any more leave the storage at once.
    """
    done = {
        Rule.ANSWERS: erase_answers(now=now),
        Rule.TALKS: erase_talks(now=now) + erase_holds(now=now),
        Rule.CONTACT: erase_idle_contacts(now=now),
        Rule.PERSON: erase_granted(now=now),
    }
    while done[Rule.ANSWERS] and sweeping.discard(now=now):
        pass
    return done


def erase_answers(*, now: datetime, limit: int = BATCH) -> int:
    """Answers, files and ratings' facts of requests whose retention has ended; of how many."""
    with _as_eraser():
        requests, suppliers = _due(statements.DUE_REQUESTS, now=now, limit=limit)
        if not requests:
            return 0
        given = {
            "requests": requests,
            "suppliers": suppliers,
            "at": now,
            "rule": Rule.ANSWERS.value,
        }
        _run(statements.HOLD_SUPPLIERS, given)
        files = [pk for (pk,) in _rows(statements.FILES, given)]
        _run(statements.SCANS, given | {"files": files})
        for statement in statements.OF_REQUESTS:
            _run(statement, given)
        return len(requests)


def erase_talks(*, now: datetime, limit: int = BATCH) -> int:
    """What was asked for and talked about in requests whose records are kept no longer."""
    with _as_eraser():
        requests, _suppliers = _due(statements.DUE_TALKS, now=now, limit=limit)
        for statement in statements.OF_TALKS if requests else ():
            _run(statement, {"requests": requests, "at": now, "rule": Rule.TALKS.value})
        return len(requests)


def erase_holds(*, now: datetime, limit: int = BATCH) -> int:
    """What suppliers replied to holds that ended long ago; of how many. The decision stays."""
    with _as_eraser():
        given = {"today": days.in_japan(now), "most": limit}
        holds = [pk for (pk,) in _rows(statements.DUE_HOLDS, given)]
        for statement in statements.OF_HOLDS if holds else ():
            _run(statement, {"holds": holds, "at": now, "rule": Rule.TALKS.value})
        return len(holds)


def erase_idle_contacts(*, now: datetime, limit: int = BATCH) -> int:
    """People who were idle for as long as the contractor set; of how many.

    Who turns out to have been active is looked at again when that is long ago.
    """
    given = {"today": days.in_japan(now), "most": limit}
    with _as_eraser():
        while looked_at := [pk for (pk,) in _rows(statements.IDLE, given)]:
            found = given | {"contacts": looked_at}
            _run(statements.ACTIVE, found)
            if idle := [pk for (pk,) in _rows(statements.STILL_IDLE, found)]:
                _erase_people(idle, Rule.CONTACT, now=now)
                return len(idle)
    return 0


def erase_person(public_id: UUID, *, now: datetime) -> bool:
    """A contact who asked for it, whatever is due; False where there is none, or nobody any more.

    What the person answered for the company stays until its own day: it holds no name.
    """
    with _as_eraser():
        found = [pk for (pk,) in _rows(statements.PERSON, {"person": public_id})]
        if found:
            _erase_people(found, Rule.PERSON, now=now)
        return bool(found)


def erase_granted(*, now: datetime, limit: int = BATCH) -> int:
    """People whose request for erasure was granted; of how many. It ends their requests."""
    with _as_eraser():
        if found := [pk for (pk,) in _rows(statements.GRANTED, {"most": limit})]:
            _erase_people(found, Rule.PERSON, now=now)
        return len(found)


def is_possible() -> bool:
    """Whether this process was given the role that erases."""
    return ERASER in connections


def _erase_people(contacts: Collection[int], rule: Rule, *, now: datetime) -> None:
    for statement in statements.OF_PEOPLE:
        _run(statement, {"contacts": list(contacts), "at": now, "rule": rule.value})


def _as_eraser() -> Any:
    if not is_possible():
        raise NoEraser
    return transaction.atomic(using=ERASER)


def _due(statement: str, *, now: datetime, limit: int) -> tuple[list[int], list[int]]:
    """Requests that are due, held, and their suppliers."""
    found = _rows(statement, {"today": days.in_japan(now), "most": limit})
    return [request for request, _ in found], sorted({supplier for _, supplier in found})


def _run(statement: str, given: dict[str, Any]) -> None:
    with connections[ERASER].cursor() as cursor:
        cursor.execute(statement, given)


def _rows(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connections[ERASER].cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor)
