"""What is wrong with a document that wants to be a questionnaire, in sentences with pointers.

The schema says what a field may hold; the rules here say what fields owe each other.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from questionnaires.content import Document
from questionnaires.errors import Fault

SCHEMA: Final = Path(__file__).resolve().parent / "schema" / "catalogue.schema.json"
CHOOSING: Final = ("choice", "multiple")
WORDS: Final = {
    "string": "text; put it in quotes",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a group of named fields",
    "array": "a list",
}


def faults(document: object) -> list[Fault]:
    """Every fault there is to see at once; empty for a good document."""
    if found := list(_against_schema(document)):
        return found  # The rules below read fields that must be there.
    assert isinstance(document, dict)
    shape = (_numbers, _sections, _pages, _options)
    sense = (_conditions, _scoring)  # These read the options of every choice.
    found = [fault for rule in shape for fault in rule(document)]
    return found or [fault for rule in sense for fault in rule(document)]


@cache
def _validator() -> Validator:
    whole = Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    )  # The standard takes 4.0 for an integer; points are counted, not measured.
    strict: type[Validator] = extend(Draft202012Validator, type_checker=whole)  # type: ignore[no-untyped-call]  # jsonschema's own gap
    return strict(json.loads(SCHEMA.read_text("utf-8")))


def _against_schema(document: Any) -> Iterator[Fault]:
    for error in _validator().iter_errors(document):
        pointer = "".join(f"/{step}" for step in error.absolute_path)
        yield from (Fault(pointer, sentence) for sentence in _sentences(error))


def _sentences(error: ValidationError) -> Iterable[str]:
    given: Any = error.instance
    wanted: Any = error.validator_value
    match error.validator:
        case "additionalProperties":
            schema: Any = error.schema
            foreign = sorted(set(given) - set(schema["properties"]))
            return [f"The field {name!r} is not known here; remove it." for name in foreign]
        case "required":
            missing = [name for name in wanted if name not in given]
            return [f"The field {name!r} is missing; add it." for name in missing]
        case "type":
            return [f"{given!r} must be {WORDS[wanted]}."]
        case "enum":
            return [f"{given!r} must be one of: {', '.join(wanted)}."]
        case "pattern":
            return [f"{given!r} must have the form {wanted}."]
    return [f"{error.message[:1].upper()}{error.message[1:]}."]


def _numbers(document: Document) -> Iterator[Fault]:
    for place in ("sections", "pages", "items"):
        for position, each in enumerate(document[place]):
            if each["number"] != position + 1:
                wrong = f"Number {each['number']} stands where {position + 1} is due"
                yield Fault(f"/{place}/{position}/number", f"{wrong}; count from 1 without gaps.")
    yield from _twice("/items/{}/name", [item["name"] for item in document["items"]])


def _twice(place: str, words: list[str]) -> Iterator[Fault]:
    for position, word in enumerate(words):
        if word in words[:position]:
            yield Fault(place.format(position), f"{word!r} stands twice; use another word.")


def _sections(document: Document) -> Iterator[Fault]:
    for position, item in enumerate(document["items"]):
        if item["section"] > len(document["sections"]):
            sentence = f"There is no section {item['section']}; add it or correct the number."
            yield Fault(f"/items/{position}/section", sentence)


def _options(document: Document) -> Iterator[Fault]:
    scored = "scoring" in document
    for position, item in enumerate(document["items"]):
        place = f"/items/{position}/options"
        if ("options" in item) != (item["kind"] in CHOOSING):
            yield Fault(place, f"Options belong to {' and '.join(CHOOSING)}, and to nothing else.")
        options = item.get("options", [])
        yield from _twice(place + "/{}/value", [option["value"] for option in options])
        for index, option in enumerate(options):
            if ("points" in option) != scored:
                sentence = "Every option has points if there is `scoring`, and none otherwise."
                yield Fault(f"{place}/{index}/points", sentence)


def _conditions(document: Document) -> Iterator[Fault]:
    before: dict[str, Any] = {}
    for position, item in enumerate(document["items"]):
        if condition := item.get("show_if"):
            place = f"/items/{position}/show_if"
            asked = before.get(condition["name"])
            if asked is None or asked["kind"] != "choice":
                yield Fault(f"{place}/name", "A condition looks at a choice that stands before it.")
            elif not set(condition["values"]) <= _values(asked):
                yield Fault(f"{place}/values", f"{condition['name']!r} has no such option.")
        before[item["name"]] = item


def _values(item: Document) -> set[str]:
    return {option["value"] for option in item["options"]}


def _pages(document: Document) -> Iterator[Fault]:
    due = 1
    for position, page in enumerate(document["pages"]):
        if page["first"] != due or page["last"] < page["first"]:
            sentence = f"The page must begin with item {due} and end after it; no item is skipped."
            yield Fault(f"/pages/{position}", sentence)
        due = page["last"] + 1
    if due != len(document["items"]) + 1:
        sentence = f"The pages end at item {due - 1}, the items at {len(document['items'])}."
        yield Fault("/pages", f"{sentence} Let the last page end at the last item.")


def _scoring(document: Document) -> Iterator[Fault]:
    if "scoring" not in document:
        return
    scoring, items = document["scoring"], document["items"]
    if any(item["kind"] != "choice" for item in items):
        yield Fault("/scoring", "Only questionnaires of choices can be scored.")
        return
    points = [[option.get("points", 0) for option in item["options"]] for item in items]
    yield from _ends(scoring, sum(map(min, points)), sum(map(max, points)))
    yield from _parts(document, [max(each) for each in points])
    yield from _bands(scoring)
    for position, item in enumerate(items):
        if scoring["unknown"] not in _values(item):
            sentence = f"The option {scoring['unknown']!r} is missing; everyone may say it."
            yield Fault(f"/items/{position}/options", sentence)


def _ends(scoring: Document, least: int, most: int) -> Iterator[Fault]:
    for name, reached in (("least", least), ("most", most)):
        if scoring[name] != reached:
            yield Fault(f"/scoring/{name}", f"The items reach {reached}; write that.")


def _parts(document: Document, most: list[int]) -> Iterator[Fault]:
    reached = {str(section["number"]): 0 for section in document["sections"]}
    for item, points in zip(document["items"], most, strict=True):
        reached[str(item["section"])] += points
    if document["scoring"]["parts"] != reached:
        yield Fault("/scoring/parts", f"The sections can give {reached}; write that.")


def _bands(scoring: Document) -> Iterator[Fault]:
    floors = [band["least"] for band in scoring["bands"]]
    if floors != sorted(set(floors), reverse=True) or floors[-1] != scoring["least"]:
        sentence = "Bands go down, without doubles, and the last begins at the least total."
        yield Fault("/scoring/bands", sentence)
