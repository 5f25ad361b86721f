"""What a questionnaire asks, as plain values: parsed from its document, which never changes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Document = Mapping[str, Any]
Kind = Literal["choice", "multiple", "text", "lines", "number", "telephone"]
Value = str | int | list[str]  # of a choice, a text or a telephone · a number · several choices
Strength = Literal["direct", "partial", "weak", "star4_only", "none"]


@dataclass(frozen=True)
class Text:
    ja: str
    en: str

    def in_(self, language: str) -> str:
        """English for `en` and its variants, Japanese for everything else."""
        return self.en if language.lower().startswith("en") else self.ja


@dataclass(frozen=True)
class Option:
    value: str
    label: Text
    criterion: Text | None  # one line: what choosing it means
    points: int | None  # None where the questionnaire is not scored
    alone: bool  # cannot be chosen together with others


@dataclass(frozen=True)
class Condition:
    """An item is asked only if the item `name` was answered with one of `values`."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Crosswalk:
    """Requirements of SCS that the item touches, and how much of them it says."""

    requirements: tuple[str, ...]
    strength: Strength


@dataclass(frozen=True)
class Item:
    number: int
    name: str
    section: int
    kind: Kind
    required: bool
    topic: Text
    text: Text
    options: tuple[Option, ...]
    help: Text | None
    example: Text | None
    why: Text | None
    evidence: Text | None
    show_if: Condition | None
    autocomplete: str  # token of the HTML attribute, "" where none fits
    minimum: int  # of a number
    maximum: int  # of a number, or characters of a text
    personal: bool  # about a person: never part of a frozen snapshot
    aggregate_only: bool  # shown to nobody but in aggregates
    one_star: bool  # one of the items that SECURITY ACTION's one star is about
    scs: Crosswalk

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True)
class Section:
    number: int
    title: Text


@dataclass(frozen=True)
class Page:
    number: int
    title: Text
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Band:
    name: str
    least: int


@dataclass(frozen=True)
class Scoring:
    """The published arithmetic: totals run from `least` to `most`, bands from the best down."""

    least: int
    most: int
    parts: Mapping[str, int]  # the most that each section can give, by its number
    bands: tuple[Band, ...]
    unknown: str  # the value that says "I don't know"


@dataclass(frozen=True)
class Content:
    key: str
    version: str
    title: Text
    edition: Text
    numbered: bool  # whether people are shown the numbers ("question 4") or only the topics
    sections: tuple[Section, ...]
    pages: tuple[Page, ...]
    items: tuple[Item, ...]
    scoring: Scoring | None

    def item(self, number: int) -> Item:
        """Numbers run from 1 without gaps. KeyError for a number that is not there."""
        if not 1 <= number <= len(self.items):
            raise KeyError(number)
        return self.items[number - 1]

    def named(self, name: str) -> Item:
        """KeyError for a name that is not there."""
        for item in self.items:
            if item.name == name:
                return item
        raise KeyError(name)

    def asks(self, item: Item, values: Mapping[int, Value]) -> bool:
        """Whether the item's condition holds under the values, which stand by item number."""
        if item.show_if is None:
            return True
        return values.get(self.named(item.show_if.name).number) in item.show_if.values

    def to_freeze(self, values: Mapping[int, Value]) -> dict[str, Value]:
        """By item name, without what is about a person and without what was not asked."""
        return {
            item.name: values[item.number]
            for item in self.items
            if item.number in values and not item.personal and self.asks(item, values)
        }

    def to_show(self, frozen: Mapping[str, Value]) -> dict[str, Value]:
        """What a contractor may see of frozen values: not what is for aggregates only."""
        return {
            item.name: frozen[item.name]
            for item in self.items
            if item.name in frozen and not item.aggregate_only
        }


def canonical(document: Document) -> bytes:
    """One document, one sequence of bytes, whatever the order of its keys."""
    plain = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return plain.encode()


def digest(document: Document) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()
