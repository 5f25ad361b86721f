"""What a step takes, what it goes towards, what a star needs: data, one file a version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from ratings.checking import Fault, misshapen
from ratings.policy import BadPolicy, Text

FOLDER: Final = Path(__file__).parent / "guides"
EFFORTS: Final = ("hours", "days", "weeks", "months")  # the smaller first


class BadGuidance(BadPolicy):
    """Guidance that may not be used. `faults` says what to correct, and where."""


@dataclass(frozen=True)
class Crosswalk:
    """Requirements of the SCS evaluation that a measure goes towards, and how far it meets them."""

    requirements: tuple[str, ...]
    strength: str


@dataclass(frozen=True)
class Measure:
    """`begin` is the effort from nothing to a part of it, `complete` that until it is done.

    `first_step` is one thing to do about it, from tomorrow.
    """

    number: int
    begin: str
    complete: str
    scs: Crosswalk
    first_step: Text


@dataclass(frozen=True)
class Stars:
    """What SECURITY ACTION asks for a star, in a version of its rules."""

    version: str
    one_star: tuple[int, ...]  # items that are promised
    two_stars: tuple[str, ...]  # what must be there


@dataclass(frozen=True, eq=False)
class Guidance:
    """Efforts are among `EFFORTS`; `obtain` and `declare` are by scheme."""

    key: str
    version: str
    measures: tuple[Measure, ...]  # in the order of preference
    person: str
    document: str
    verify: str
    obtain: Mapping[str, str]
    declare: Mapping[str, str]
    stars: Stars


@cache
def standard() -> Guidance:
    """The newest of ours. What was advised is not kept: it is always told anew."""
    text = (FOLDER / "tasuki-2026.1.yaml").read_text(encoding="utf-8")
    return load(yaml.safe_load(text))


def load(raw: Any) -> Guidance:
    """Guidance from plain content. Refuses with `BadGuidance`, naming everything that is wrong."""
    if found := misshapen(raw, "guidance") or list(_faults(raw)):
        raise BadGuidance(found)
    stars = raw["security_action"]
    return Guidance(
        key=raw["key"],
        version=raw["version"],
        measures=tuple(map(_measure, raw["items"])),
        person=raw["person"],
        document=raw["document"],
        verify=raw["verify"],
        obtain=raw["obtain"],
        declare=raw["declare"],
        stars=Stars(stars["version"], tuple(stars["one_star"]), tuple(stars["two_stars"])),
    )


def _measure(raw: Mapping[str, Any]) -> Measure:
    scs = Crosswalk(tuple(raw["scs"]["requirements"]), raw["scs"]["strength"])
    first = Text(**raw["first_step"])
    return Measure(raw["number"], raw["begin"], raw["complete"], scs, first)


def _faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    seen: set[int] = set()
    for position, item in enumerate(raw["items"]):
        pointer = f"/items/{position}"
        if item["number"] in seen:
            detail = f"Item {item['number']} stands here a second time. Name each item once."
            yield Fault(f"{pointer}/number", detail)
        seen.add(item["number"])
        if EFFORTS.index(item["complete"]) < EFFORTS.index(item["begin"]):
            yield Fault(f"{pointer}/complete", "Completing takes at least what beginning takes.")
        if bool(item["scs"]["requirements"]) == (item["scs"]["strength"] == "none"):
            detail = "Name requirements, or say that the strength is none; not both, not neither."
            yield Fault(f"{pointer}/scs", detail)
