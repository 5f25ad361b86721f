"""Every stored rating is summed again from its stored inputs, by the policy that it names."""

import enum
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction

from questionnaires.content import Content
from ratings import diagnosing, policy, summing
from ratings.canonical import digest
from ratings.facts import Facts
from ratings.models import Rating

CHUNK = 200  # rows in memory
BROKEN = (AttributeError, LookupError, TypeError, ValueError)  # no facts, or no such policy


class Outcome(enum.StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    ERASED = "erased"  # the inputs were due to be forgotten


def verify() -> Iterator[tuple[UUID, Outcome]]:
    """Each stored rating's id, and whether it comes to the same again. Memory stays flat."""
    asked = diagnosing.asked()
    with transaction.atomic():  # in which rows are streamed; outside they are first copied
        for row in Rating.objects.order_by("pk").iterator(chunk_size=CHUNK):
            yield row.public_id, _compare(row, asked)


def _compare(row: Rating, asked: Content) -> Outcome:
    if row.erased:
        return Outcome.ERASED
    try:
        same = _stored(row) == _again(row, asked)
    except BROKEN:
        return Outcome.DIFFERENT
    return Outcome.SAME if same else Outcome.DIFFERENT


def _stored(row: Rating) -> dict[str, Any]:
    names = ("grade", "level", "level_at_least", "exposure", "answered", "policy_digest")
    return {
        **{name: getattr(row, name) for name in names},
        "score": row.score,
        "input_digest": row.input_digest,
        "inputs": row.input_digest if digest(row.inputs) == row.input_digest else None,
        "self_diagnosis": row.result["self_diagnosis"],
        "result": _without_sentences(row.result),
    }


def _again(row: Rating, asked: Content) -> dict[str, Any]:
    used = policy.named(row.policy_key, row.policy_version)
    facts = Facts.from_plain(row.inputs)
    result = summing.add_up(facts, used)
    return {
        "grade": result.grade,
        "level": result.level,
        "level_at_least": result.level_at_least,
        "exposure": result.exposure,
        "answered": bool(facts.answers),
        "policy_digest": used.digest,
        "score": result.points,
        "input_digest": facts.digest,
        "inputs": facts.digest,
        "self_diagnosis": diagnosing.diagnose(asked, facts.answers),
        "result": _without_sentences(result.plain),
    }


def _without_sentences(result: dict[str, Any]) -> Any:
    """Wording may be improved; codes, points and evidence stay."""
    drivers = [
        {name: value for name, value in driver.items() if name != "detail"}
        for driver in result["drivers"]
    ]
    reasons = [reason["code"] for reason in result["confidence"]["reasons"]]
    return drivers, result["confidence"]["value"], reasons, result["flags"]
