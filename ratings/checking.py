"""Whether a policy may be used: every fault at once, each with a pointer and a full sentence."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

SCHEMAS = Path(__file__).parent / "schema"
WHOLE = 100_00  # hundredths that items, basics, person and proof make together
SEVERITY = ("low", "medium", "high", "critical")
GRADES = ("A", "B", "C", "D", "E")


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: a JSON pointer (RFC 6901) into the policy."""

    pointer: str
    detail: str


def faults(raw: Any) -> list[Fault]:
    """Everything wrong with a policy as read from its file. Empty means it may be used."""
    if found := misshapen(raw, "policy"):
        return found
    assert isinstance(raw, dict)
    checks = (_whole, _items, _basics, _proof, _grades, _levels, _confidence)
    return [fault for check in checks for fault in check(raw)]


def misshapen(raw: Any, schema: str) -> list[Fault]:
    """What does not fit one of the schemas of this app, `policy` or `guidance`."""
    return sorted({_told(error) for error in _validator(schema).iter_errors(raw)}, key=_place)


@cache
def _validator(schema: str) -> Validator:
    """JSON Schema takes 208.0 for an integer; hundredths must be whole in Python, too."""
    whole = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, it: type(it) is int)
    strict: type[Validator] = extend(Draft202012Validator, type_checker=whole)  # type: ignore[no-untyped-call]  # jsonschema's own gap
    return strict(json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8")))


def _place(fault: Fault) -> tuple[str, str]:
    return fault.pointer, fault.detail


def _told(error: ValidationError) -> Fault:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in error.absolute_path)
    return Fault("".join(f"/{step}" for step in steps), _sentence(error))


def _sentence(error: ValidationError) -> str:
    found: Any = error.instance
    wanted: Any = error.validator_value
    match error.validator:
        case "additionalProperties":
            known = error.schema["properties"] if isinstance(error.schema, dict) else {}
            return f"Not known here: {_listed(set(found) - set(known))}. Remove or correct it."
        case "required":
            return f"Missing here: {_listed(set(wanted) - set(found))}. Add it."
        case "enum":
            return f"“{found}” is not known here. Use one of {_listed(wanted)}."
        case "minimum" | "maximum":
            return f"{found} is out of range: the {error.validator} is {wanted}. Correct it."
        case "minItems" | "maxItems":
            return f"There are {len(found)} entries here where {wanted} are needed. Correct it."
        case _:
            return f"This value does not fit ({error.message}). Correct it."


def _listed(names: Any) -> str:
    return ", ".join(sorted(map(str, names)))


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}"


def _whole(raw: Mapping[str, Any]) -> Iterator[Fault]:
    items = sum(item["points"]["done"] for item in raw["items"])
    basics = sum(basic["points"] for basic in raw["basics"])
    total = items + basics + raw["person"] + raw["proof"]["most"]
    if total != WHOLE:
        yield Fault(
            "",
            f"Items {_points(items)}, basics {_points(basics)}, person {_points(raw['person'])} and"
            f" proof {_points(raw['proof']['most'])} make {_points(total)} points together;"
            f" change them until they make {_points(WHOLE)}.",
        )


def _items(raw: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _doubles("/items", "number", raw["items"])
    for position, item in enumerate(raw["items"]):
        points, pointer = item["points"], f"/items/{position}/points"
        if not points["done"] >= points["partly"] >= points["not_done"]:
            yield Fault(pointer, "A better answer must never bring less: done, partly, not_done.")
        if points["unknown"] != points["not_done"]:
            yield Fault(pointer, "unknown must bring the same as not_done, or honesty costs.")


def _basics(raw: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _doubles("/basics", "item", raw["basics"])


def _doubles(pointer: str, name: str, entries: list[dict[str, Any]]) -> Iterator[Fault]:
    seen: set[int] = set()
    for position, entry in enumerate(entries):
        if entry[name] in seen:
            yield Fault(
                f"{pointer}/{position}/{name}",
                f"Item {entry[name]} stands here a second time. Name each item once.",
            )
        seen.add(entry[name])


def _proof(raw: Mapping[str, Any]) -> Iterator[Fault]:
    proof = raw["proof"]
    if proof["unchecked_most"] > proof["most"]:
        yield Fault("/proof/unchecked_most", "Unchecked proof may not bring more than all proof.")
    for scheme, certificate in proof["certificates"].items():
        for name, scale in certificate.items():
            yield from _scale(f"/proof/certificates/{scheme}/{name}", scale)


def _scale(pointer: str, scale: Mapping[str, int]) -> Iterator[Fault]:
    """Sending a document, having it verified, covering this trade: none may lose points."""
    for better, worse in (
        ("covers", "document"),
        ("covers", "elsewhere"),
        ("document", "named"),
        ("elsewhere", "named"),
    ):
        if scale[better] < scale[worse]:
            yield Fault(
                f"{pointer}/{better}",
                f"{better} brings {_points(scale[better])}, less than the {_points(scale[worse])}"
                f" of {worse}. Raise it, or lower {worse}.",
            )


def _grades(raw: Mapping[str, Any]) -> Iterator[Fault]:
    grades = raw["grades"]
    if tuple(entry["grade"] for entry in grades) != GRADES:
        yield Fault("/grades", "The grades must be A, B, C, D, E, each once and in this order.")
    for position, (upper, lower) in enumerate(pairwise(grades), start=1):
        if lower["begins_at"] >= upper["begins_at"]:
            yield Fault(
                f"/grades/{position}/begins_at",
                f"{lower['grade']} begins at {_points(lower['begins_at'])} and would overlap"
                f" {upper['grade']}, which begins at {_points(upper['begins_at'])}. Lower it.",
            )
    if grades[-1]["begins_at"] != 0:
        yield Fault("/grades/4/begins_at", "The last grade must begin at 0.00, or some have none.")


def _levels(raw: Mapping[str, Any]) -> Iterator[Fault]:
    ranks = {grade: [SEVERITY.index(cell) for cell in raw["levels"][grade]] for grade in GRADES}
    for grade, row in ranks.items():
        for exposure, (before, after) in enumerate(pairwise(row), start=1):
            if after < before:
                detail = "More exposure must never lower the level. Raise this cell."
                yield Fault(f"/levels/{grade}/{exposure}", detail)
    for better, worse in pairwise(GRADES):
        for exposure in range(4):
            if ranks[worse][exposure] < ranks[better][exposure]:
                detail = f"{worse} must never stand at a lower level than {better}. Raise it."
                yield Fault(f"/levels/{worse}/{exposure}", detail)


def _confidence(raw: Mapping[str, Any]) -> Iterator[Fault]:
    bounds = raw["confidence"]
    if bounds["stale_months"] < bounds["fresh_months"]:
        yield Fault("/confidence/stale_months", "Answers cannot be stale while they are fresh.")
    if bounds["many_unknowns"] <= bounds["few_unknowns"]:
        yield Fault("/confidence/many_unknowns", "Many unknowns must be more than few.")
