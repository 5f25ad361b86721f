"""What a request asks for beside answers: checked against a schema before it is stored.

Plain values, no Django. The parts and why they exist: JFTC and METI's papers of 2022 and 2025.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path as File
from typing import Any, Final

from jsonschema import Draft202012Validator

from assessments import conforming
from assessments.conforming import Fault
from contractors.marking import mark as _

SCHEMA: Final = File(__file__).parent / "schema" / "requirements.schema.json"
ONCE: Final = {  # what is said once of these: in two rows it would be said in two ways
    "required_certifications": ("scheme",),
    "equivalents": ("scheme", "replaces"),
    "contract_terms": ("kind",),
    "promises": ("code",),
}
REPLACING: Final = ("isms", "scs_3", "scs_4")  # third-party proof that may answer alone
REPEATED: Final = _("This is said twice. Keep one of the entries.")
NO_TALKS: Final = _("What is to be discussed needs talks. Welcome them, or say who bears the cost.")


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12), as integrators read it in the OpenAPI document."""
    return dict(_validator().schema)  # type: ignore[arg-type]  # ours is an object, not a boolean


def whole(requirements: Mapping[str, Any], *, standard: bool) -> Mapping[str, Any]:
    """With what holds where nothing is said of equivalents.

    `standard`: the questions are IPA's self-diagnosis, which the usual certificates can replace;
    of a contractor's own questions nobody knows that.
    """
    usual = [{"scheme": scheme, "replaces": "answers"} for scheme in REPLACING if standard]
    return {"equivalents": usual, **requirements}


def replacing_answers(requirements: Mapping[str, Any]) -> list[str]:
    """The schemes of which one certificate is answer enough."""
    rows = requirements.get("equivalents", [])
    return [row["scheme"] for row in rows if row["replaces"] == "answers"]


def faults(requirements: Mapping[str, Any], *, say: Callable[[str], str] = str) -> Iterator[Fault]:
    """Everything that is wrong, each with its place; `say` puts a sentence into a language."""
    found = conforming.faults(_validator(), requirements, say=say)
    yield from found or _contradictions(requirements, say)


def _contradictions(requirements: Mapping[str, Any], say: Callable[[str], str]) -> Iterator[Fault]:
    """What is well formed, but says two things at once."""
    for name, keys in ONCE.items():
        seen: set[tuple[object, ...]] = set()
        for index, row in enumerate(requirements.get(name, [])):
            told = row if isinstance(row, dict) else {"code": row}
            key = tuple(told.get(each) for each in keys)
            if key in seen and key != ("other",):
                yield Fault((name, index), "repeated", say(REPEATED))
            seen.add(key)
    cost = requirements.get("cost", {})
    if cost.get("bearer") == "to_be_discussed" and cost.get("talks_welcome") is False:
        yield Fault(("cost", "talks_welcome"), "contradiction", say(NO_TALKS))


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
