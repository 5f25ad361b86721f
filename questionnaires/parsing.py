"""From a document that passed its checks to plain values. Wrong documents stop at proofreading."""

from collections.abc import Mapping
from typing import Any, Final

from questionnaires.content import (
    Band,
    Condition,
    Content,
    Crosswalk,
    Document,
    Item,
    Option,
    Page,
    Scoring,
    Section,
    Text,
)

LONGEST: Final = 500  # characters of a text that says nothing else
GREATEST: Final = 999_999_999  # number, likewise


def parse(document: Document) -> Content:
    items = tuple(_item(each) for each in document["items"])
    return Content(
        key=document["key"],
        version=document["version"],
        title=_text(document["title"]),
        edition=_text(document["edition"]),
        numbered=document["numbered"],
        sections=tuple(
            Section(each["number"], _text(each["title"])) for each in document["sections"]
        ),
        pages=tuple(_page(each, items) for each in document["pages"]),
        items=items,
        scoring=_scoring(document["scoring"]) if "scoring" in document else None,
    )


def _text(plain: Mapping[str, str]) -> Text:
    return Text(ja=plain["ja"], en=plain["en"])


def _text_of(plain: Mapping[str, Any], name: str) -> Text | None:
    return _text(plain[name]) if name in plain else None


def _item(plain: Mapping[str, Any]) -> Item:
    return Item(
        number=plain["number"],
        name=plain["name"],
        section=plain["section"],
        kind=plain["kind"],
        required=plain["required"],
        topic=_text(plain["topic"]),
        text=_text(plain["text"]),
        options=tuple(_option(each) for each in plain.get("options", ())),
        help=_text_of(plain, "help"),
        example=_text_of(plain, "example"),
        why=_text_of(plain, "why"),
        evidence=_text_of(plain, "evidence"),
        show_if=_condition(plain.get("show_if")),
        autocomplete=plain.get("autocomplete", ""),
        minimum=plain.get("minimum", 0),
        maximum=plain.get("maximum", GREATEST if plain["kind"] == "number" else LONGEST),
        personal=plain.get("personal", False),
        aggregate_only=plain.get("aggregate_only", False),
        one_star=plain.get("one_star", False),
        scs=_crosswalk(plain.get("scs")),
    )


def _option(plain: Mapping[str, Any]) -> Option:
    return Option(
        value=plain["value"],
        label=_text(plain["label"]),
        criterion=_text_of(plain, "criterion"),
        points=plain.get("points"),
        alone=plain.get("alone", False),
    )


def _condition(plain: Mapping[str, Any] | None) -> Condition | None:
    return Condition(plain["name"], tuple(plain["values"])) if plain else None


def _crosswalk(plain: Mapping[str, Any] | None) -> Crosswalk:
    if plain is None:
        return Crosswalk((), "none")
    return Crosswalk(tuple(plain["requirements"]), plain["strength"])


def _page(plain: Mapping[str, Any], items: tuple[Item, ...]) -> Page:
    on_it = tuple(item for item in items if plain["first"] <= item.number <= plain["last"])
    return Page(plain["number"], _text(plain["title"]), on_it)


def _scoring(plain: Mapping[str, Any]) -> Scoring:
    return Scoring(
        least=plain["least"],
        most=plain["most"],
        parts=dict(plain["parts"]),
        bands=tuple(Band(each["name"], each["least"]) for each in plain["bands"]),
        unknown=plain["unknown"],
    )
