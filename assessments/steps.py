"""What a schedule may say: which steps, counted from which day. Plain values, no Django."""

import enum
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from assessments import conforming
from assessments.conforming import Fault
from contractors.marking import mark as _

SENT_AT: Final = time(10)
MOST_LETTERS: Final = 4  # that nobody asked for, to a person about a request; one invites
SCHEMA: Final = Path(__file__).parent / "schema" / "schedule.schema.json"
NO_TIME: Final = _("Give a time from 09:00 to 16:30, like 10:00.")
TOO_MANY: Final = _("At most four letters are sent about a request, and the invitation is one.")
TWICE: Final = _("This step stands here twice. Keep one of them.")
WRONG_SIDE: Final = _("This step belongs before the due day. Count from it: -1 or less.")
WRONG_SIDE_AFTER: Final = _("This step belongs after the due day. Count from it: 1 or more.")
NOT_BEFORE_ASKED: Final = _("Nobody is reminded before the day after the invitation.")
DISORDER: Final = _("This step comes before the one above it, or on the same day. Put it after.")


class Code(enum.StrEnum):
    """What comes up. The last is of every request and stands in no schedule."""

    FIRST_REMINDER = "first_reminder"
    SECOND_REMINDER = "second_reminder"
    AFTER_DUE = "after_due"
    ESCALATION = "escalation"
    EXPIRY = "expiry"


LETTERS: Final = frozenset({Code.FIRST_REMINDER, Code.SECOND_REMINDER, Code.AFTER_DUE})
REMINDING: Final = frozenset({Code.FIRST_REMINDER, Code.SECOND_REMINDER})  # of a day to come


class Origin(enum.StrEnum):
    """The day from which a step is counted."""

    INVITED = "invited"
    DUE = "due"


@dataclass(frozen=True)
class Step:
    """`business_days` after the day it is counted from, or before it, at a time in Tokyo."""

    code: Code
    origin: Origin
    business_days: int
    at: time = SENT_AT


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12), as integrators read it in the OpenAPI document."""
    return dict(_validator().schema)  # type: ignore[arg-type]  # ours is an object, not a boolean


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def faults(value: object, *, say: Callable[[str], str]) -> Iterator[Fault]:
    """All that is wrong, each with its place; `say` puts a sentence into a language."""
    found = conforming.faults(_validator(), value, say=say)
    for fault in found:
        is_time = fault.path[-1:] == ("at",) and fault.code == "invalid"
        yield replace(fault, detail=say(NO_TIME)) if is_time else fault
    if not found:
        yield from _contradictions(read(value).get("steps", ()), say)


def read(value: Any) -> dict[str, Any]:
    """What is well formed: `steps` and `expires_after`, where they are said."""
    told: dict[str, Any] = {}
    if "steps" in value:
        told["steps"] = tuple(
            Step(
                Code(step["code"]),
                Origin(step["from"]),
                int(step["business_days"]),
                time.fromisoformat(step["at"]) if "at" in step else SENT_AT,
            )
            for step in value["steps"]
        )
    if "expires_after" in value:
        told["expires_after"] = timedelta(days=int(value["expires_after"]))
    return told


def _contradictions(steps: Sequence[Step], say: Callable[[str], str]) -> Iterator[Fault]:
    """What is well formed, but makes no sense."""
    for index, step in enumerate(steps):
        if step.code in {other.code for other in steps[:index]}:
            yield Fault(("steps", index, "code"), "repeated", say(TWICE))
        if misplaced := _misplaced(step):
            yield Fault(("steps", index, "business_days"), "misplaced", say(misplaced))
    letters = [index for index, step in enumerate(steps) if step.code in LETTERS]
    for index in letters[MOST_LETTERS - 1 :]:
        yield Fault(("steps", index), "too-many-letters", say(TOO_MANY))
    for index, (one, next_) in enumerate(pairwise(steps), 1):
        if _order(one) >= _order(next_):
            yield Fault(("steps", index), "disorder", say(DISORDER))


def _misplaced(step: Step) -> str:
    if step.code not in REMINDING:
        late = step.origin is Origin.DUE and step.business_days > 0
        return "" if late else WRONG_SIDE_AFTER
    if step.origin is Origin.DUE:
        return WRONG_SIDE if step.business_days >= 0 else ""
    return "" if step.business_days > 0 else NOT_BEFORE_ASKED


def _order(step: Step) -> tuple[bool, int]:
    return step.origin is Origin.DUE, step.business_days
