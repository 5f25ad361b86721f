"""What counts how much: data, no logic. A change is a new version, and old ratings keep theirs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from questionnaires.content import Text as Text
from ratings.canonical import digest
from ratings.checking import Fault, faults

POLICIES: Final = Path(__file__).parent / "policies"
EARNED_FROM: Final = {"partly": frozenset({"partly", "done"}), "done": frozenset({"done"})}


class BadPolicy(ValueError):
    """A policy that may not be used. `faults` says what to correct, and where."""

    def __init__(self, found: Iterable[Fault]) -> None:
        self.faults = tuple(found)
        super().__init__("\n".join(f"{fault.pointer}: {fault.detail}" for fault in self.faults))


class UnknownPolicy(LookupError):
    """No policy of this key and version is known here. The text names it."""


@dataclass(frozen=True)
class Item:
    number: int
    topic: Text
    points: Mapping[str, int]  # by the value of the answer

    @property
    def most(self) -> int:
        return self.points["done"]


@dataclass(frozen=True)
class Basic:
    item: int
    points: int
    earned_by: frozenset[str]  # values of the answer


@dataclass(frozen=True)
class Scale:
    """Points of a certificate by how far it is checked, and whether its scope covers the trade."""

    covers: int
    elsewhere: int
    document: int
    named: int


@dataclass(frozen=True)
class Certificate:
    points: Scale
    without_personal_data: Scale


@dataclass(frozen=True)
class Declaration:
    points: int
    family: str  # of one family only the best counts


@dataclass(frozen=True)
class Proof:
    most: int
    unchecked_most: int
    certificates: Mapping[str, Certificate]
    by_checker: frozenset[str]
    by_checker_most: int
    declarations: Mapping[str, Declaration]


@dataclass(frozen=True)
class Thresholds:
    """When a result can be relied on, in months since the answers and in unknowns."""

    fresh_months: int
    stale_months: int
    few_unknowns: int
    many_unknowns: int


@dataclass(frozen=True, eq=False)  # one object a version: what follows from it is kept beside it
class Policy:
    """All points are whole hundredths."""

    key: str
    version: str
    digest: str  # SHA-256 of the whole content, as hex
    items: tuple[Item, ...]
    basics: tuple[Basic, ...]
    person: int
    proof: Proof
    unproven_limit: int
    instead_of_answers: Mapping[str, int]
    grades: tuple[tuple[int, str], ...]  # begins at, name; the best first
    levels: Mapping[str, tuple[str, ...]]  # by grade, a cell for each exposure 0..3
    confidence: Thresholds


def standard() -> Policy:
    """The policy that holds where a contractor has none of its own."""
    return named("tasuki", "2026.1")


@cache
def named(key: str, version: str) -> Policy:
    """A published version, however old: what it rated can be summed again. `UnknownPolicy`."""
    known = {path.stem: path for path in POLICIES.glob("*.yaml")}
    if (path := known.get(f"{key}-{version}")) is None:
        raise UnknownPolicy(f"There is no policy {key} {version}. Known: {', '.join(known)}.")
    return read(path)


def read(path: Path) -> Policy:
    """A policy from its file. Refuses what is no YAML with `BadPolicy`, as `load` does the rest."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadPolicy([Fault("", f"The file is not YAML in UTF-8 ({error}).")]) from error
    return load(raw)


def load(raw: Any) -> Policy:
    """A policy from plain content. Refuses with `BadPolicy`, naming everything that is wrong."""
    if found := faults(raw):
        raise BadPolicy(found)
    return Policy(
        key=raw["key"],
        version=raw["version"],
        digest=digest(raw),
        items=tuple(sorted(map(_item, raw["items"]), key=lambda item: item.number)),
        basics=tuple(sorted(map(_basic, raw["basics"]), key=lambda basic: basic.item)),
        person=raw["person"],
        proof=_proof(raw["proof"]),
        unproven_limit=raw["unproven_limit"],
        instead_of_answers=raw["instead_of_answers"],
        grades=tuple((entry["begins_at"], entry["grade"]) for entry in raw["grades"]),
        levels={grade: tuple(row) for grade, row in raw["levels"].items()},
        confidence=Thresholds(**raw["confidence"]),
    )


def _item(raw: Mapping[str, Any]) -> Item:
    return Item(raw["number"], Text(**raw["topic"]), raw["points"])


def _basic(raw: Mapping[str, Any]) -> Basic:
    return Basic(raw["item"], raw["points"], EARNED_FROM[raw["earned_from"]])


def _proof(raw: Mapping[str, Any]) -> Proof:
    return Proof(
        most=raw["most"],
        unchecked_most=raw["unchecked_most"],
        certificates={scheme: _certificate(one) for scheme, one in raw["certificates"].items()},
        by_checker=frozenset(raw["by_checker"]["schemes"]),
        by_checker_most=raw["by_checker"]["most"],
        declarations={scheme: Declaration(**one) for scheme, one in raw["declarations"].items()},
    )


def _certificate(raw: Mapping[str, Any]) -> Certificate:
    points = Scale(**raw["points"])
    return Certificate(points, Scale(**raw.get("without_personal_data", raw["points"])))
