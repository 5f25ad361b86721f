"""What IPA's survey of small and medium firms found, and beside what it may stand. No Django.

A figure stands beside what the survey measured and nowhere else: nothing is invented where it says
nothing. Source: IPA, survey of fiscal 2024 (`surveys/ipa-sme-2024.yaml`, wording our own).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator

from ratings.policy import Text

HERE: Final = Path(__file__).parent
KINDS: Final = (
    "sample", "spending", "education", "incident", "damage", "request", "obstacle", "item", "star",
    "band", "certification", "security_action",
)  # fmt: skip
ABOVE_SMALL: Final = frozenset({"sme_up_to_100", "sme_101_plus"})
FROM_OWN_CLASS: Final = 10  # firms of a class, below which nobody is compared with it
FROM_OUTSIDE: Final = 100  # firms of other classes, likewise


class BadSurvey(ValueError):
    """Figures that may not be shown. `faults` says what to correct, each with its place."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True)
class Caveat:
    """What to mind about a figure, and a code that never changes."""

    code: str
    detail: Text


@dataclass(frozen=True)
class Figure:
    """A number with its population, its base and what to mind about it.

    `value` is in `unit`: percent, firms, yen, days or times. `n` is None where none is published.
    """

    key: str
    kind: str
    label: Text
    population: Text
    n: int | None
    value: float
    unit: str
    confirmed_by: str
    warnings: tuple[Caveat, ...]
    item: int | None = None
    band: str | None = None
    size_class: str | None = None

    def warns(self, code: str) -> bool:
        return any(caveat.code == code for caveat in self.warnings)


@dataclass(frozen=True)
class Survey:
    key: str
    title: Text
    publisher: Text
    surveyed_from: str
    surveyed_until: str
    figures: tuple[Figure, ...]

    def figure(self, key: str) -> Figure:
        """KeyError for a key that is not there."""
        for figure in self.figures:
            if figure.key == key:
                return figure
        raise KeyError(key)

    def of_item(self, number: int) -> Figure | None:
        """The rate of firms of all sizes that did or partly did this item, where one exists."""
        return next((each for each in self._items() if each.item == number), None)

    def of_band(self, band: str, size_class: str | None) -> Figure | None:
        """The share of firms in this band. It was measured for SMEs above the small firms only."""
        bands = (each for each in self.figures if each.kind == "band" and each.band == band)
        return next(bands, None) if size_class in ABOVE_SMALL else None

    def _items(self) -> Iterator[Figure]:
        return (each for each in self.figures if each.kind == "item")


@cache
def ipa() -> Survey:
    """The survey of fiscal 2024."""
    return read(HERE / "surveys" / "ipa-sme-2024.yaml")


def read(path: Path) -> Survey:
    """Figures from their file. Refuses with `BadSurvey`, naming everything that is wrong."""
    return load(yaml.safe_load(path.read_text(encoding="utf-8")))


def load(raw: Any) -> Survey:
    """Figures from plain content. Refuses with `BadSurvey`, naming everything that is wrong."""
    if found := [*_misshapen(raw)] or [*_misnamed(raw)]:
        raise BadSurvey(found)
    return Survey(
        key=raw["key"],
        title=Text(**raw["title"]),
        publisher=Text(**raw["publisher"]),
        surveyed_from=raw["surveyed_from"],
        surveyed_until=raw["surveyed_until"],
        figures=tuple(_figure(each, raw) for each in raw["figures"]),
    )


def comparable(own_class: int, outside: int) -> tuple[bool, bool]:
    """Whether there are firms enough of the own class, and of all others, to compare one with."""
    return own_class >= FROM_OWN_CLASS, outside >= FROM_OUTSIDE


def _figure(raw: Mapping[str, Any], survey: Mapping[str, Any]) -> Figure:
    warnings = tuple(Caveat(code, Text(**survey["warnings"][code])) for code in raw["warnings"])
    named = {
        "label": Text(**raw["label"]),
        "population": Text(**survey["populations"][raw["population"]]),
        "warnings": warnings,
    }
    return Figure(**(dict(raw) | named))


def _misshapen(raw: Any) -> Iterator[str]:
    schema = json.loads((HERE / "schema" / "survey.schema.json").read_text(encoding="utf-8"))
    for error in Draft202012Validator(schema).iter_errors(raw):
        place = "".join(f"/{step}" for step in error.absolute_path)
        yield f"{place}: This value does not fit ({error.message}). Correct it."


def _misnamed(raw: Mapping[str, Any]) -> Iterator[str]:
    """What a schema cannot say: names that lead nowhere, and a figure that stands twice."""
    seen: set[str] = set()
    for place, figure in enumerate(raw["figures"]):
        here = f"/figures/{place}"
        if figure["key"] in seen:
            yield f"{here}/key: {figure['key']} stands here a second time. Name each figure once."
        seen.add(figure["key"])
        if figure["population"] not in raw["populations"]:
            yield f"{here}/population: Explain {figure['population']} under populations."
        for code in figure["warnings"]:
            if code not in raw["warnings"]:
                yield f"{here}/warnings: Explain {code} under warnings."
        if (figure["kind"] == "item") != ("item" in figure):
            yield f"{here}/item: Name the item of a figure about one, and of no other."
