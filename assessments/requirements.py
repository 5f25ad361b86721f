"""What a request asks for beside answers: checked against a schema before it is stored.

Plain values, no Django. The parts and why they exist: JFTC and METI's papers of 2022 and 2025.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from contractors.marking import mark as _

SCHEMA: Final = Path(__file__).parent / "schema" / "requirements.schema.json"
SENTENCES: Final = {
    "type": _("Give a value of the type {value}."),
    "enum": _("Choose one of {value}."),
    "required": _("A field is missing here: {message}."),
    "additionalProperties": _("A field is not known here: {message}."),
    "minLength": _("Give at least {value} character."),
    "maxLength": _("Give at most {value} characters."),
    "maxItems": _("Give at most {value} entries."),
    "uniqueItems": _("Name each entry once."),
    "minimum": _("Give {value} or more."),
    "maximum": _("Give {value} or less."),
}


@dataclass(frozen=True)
class Fault:
    path: tuple[str | int, ...]
    code: str
    detail: str


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12), as integrators read it in the OpenAPI document."""
    return dict(_validator().schema)  # type: ignore[arg-type]  # ours is an object, not a boolean


def faults(requirements: Mapping[str, Any], *, say: Callable[[str], str] = str) -> Iterator[Fault]:
    """Everything that is wrong, each with its place; `say` puts a sentence into a language."""
    for error in _validator().iter_errors(requirements):
        yield Fault(tuple(error.absolute_path), _code(error), _sentence(error, say))


def _code(error: ValidationError) -> str:
    kind = str(error.validator)
    return {"additionalProperties": "unknown-field", "required": "required"}.get(kind, "invalid")


def _sentence(error: ValidationError, say: Callable[[str], str]) -> str:
    value = error.validator_value
    listed = ", ".join(map(str, value)) if isinstance(value, list) else value
    words = say(SENTENCES.get(str(error.validator), "{message}"))
    return words.format(value=listed, message=error.message)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
