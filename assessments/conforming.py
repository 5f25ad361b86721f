"""What is wrong with a value by its JSON Schema: each fault with its place and a sentence.

Plain values, no Django.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from contractors.marking import mark as _

SENTENCES: Final = {
    "type": _("Give a value of the type {value}."),
    "enum": _("Choose one of {value}."),
    "required": _("This field is needed here."),
    "additionalProperties": _("This field is not known here. Remove or correct it."),
    "pattern": _("Write at least one word."),
    "minLength": _("Give at least {value} character."),
    "maxLength": _("Give at most {value} characters."),
    "minItems": _("Give at least {value} entry."),
    "maxItems": _("Give at most {value} entries."),
    "uniqueItems": _("Name each entry once."),
    "minimum": _("Give {value} or more."),
    "maximum": _("Give {value} or less."),
}
CODES: Final = {"additionalProperties": "unknown-field", "required": "required"}

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    path: Path
    code: str
    detail: str


def faults(
    validator: Draft202012Validator, value: object, *, say: Callable[[str], str] = str
) -> list[Fault]:
    """Everything the schema refuses, in any order; `say` puts a sentence into a language."""
    return [
        Fault(path, CODES.get(str(error.validator), "invalid"), _sentence(error, say))
        for error in validator.iter_errors(value)
        for path in _paths(error)
    ]


def _paths(error: ValidationError) -> Iterator[Path]:
    """The place of what is wrong; for a field that is missing or not known, that of the field."""
    path = tuple(error.absolute_path)
    value: Any = error.instance
    wanted: Any = error.validator_value
    if error.validator == "required":
        missing = [name for name in wanted if name not in value]
        yield from ((*path, name) for name in missing if repr(name) in error.message)
    elif error.validator == "additionalProperties":
        assert isinstance(error.schema, dict)
        yield from ((*path, name) for name in sorted(set(value) - set(error.schema["properties"])))
    else:
        yield path


def _sentence(error: ValidationError, say: Callable[[str], str]) -> str:
    value = error.validator_value
    listed = ", ".join(map(str, value)) if isinstance(value, list) else value
    words = say(SENTENCES.get(str(error.validator), "{message}"))
    return words.format(value=listed, message=error.message)
