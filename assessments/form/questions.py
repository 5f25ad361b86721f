"""What a page shows of a question: plain values in the reader's language, ready for a template."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from questionnaires.content import Content, Item, Kind, Text, Value

MANY: Final = 8  # more options than this are a list to unfold instead of radios
Look = Literal["radios", "boxes", "list", "lines", "line"]


@dataclass(frozen=True)
class Filled:
    """What stands in the fields of one question, exactly as it was sent or is stored."""

    values: tuple[str, ...] = ()
    comment: str = ""
    version: int = 0
    earlier: str = ""  # a document of before that was chosen and is not shown yet

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""


@dataclass(frozen=True)
class Fault:
    """One sentence, and the control it is about."""

    anchor: str
    sentence: str


@dataclass(frozen=True)
class Clash:
    """Somebody else answered the same question meanwhile: both answers, and what is asked."""

    sentence: str
    stored: str
    stored_comment: str
    stored_version: int
    given: str
    given_comment: str


@dataclass(frozen=True)
class Document:
    """A file of the supplier, as a page names it."""

    id: UUID
    name: str
    unscanned: bool = False  # no virus scanner has seen it yet


@dataclass(frozen=True)
class Choice:
    id: str
    value: str
    label: str
    means: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    number: int
    kind: Kind
    look: Look
    id: str  # of the first control: where links of the summary lead
    count: str  # "Question 6 / 25", or the topic where numbers are not shown
    text: str
    hint: str
    condition: str
    needed: bool
    choices: tuple[Choice, ...]
    details: tuple[tuple[str, str], ...]
    autocomplete: str
    filled: Filled
    wrong: str = ""
    wrong_comment: str = ""
    clash: Clash | None = None
    shown: tuple[Document, ...] = ()
    wrong_file: str = ""


def local(text: Text | None) -> str:
    return text.in_(get_language() or "ja") if text else ""


def question(
    content: Content,
    item: Item,
    filled: Filled,
    *,
    wrong: str = "",
    wrong_comment: str = "",
    clash: Clash | None = None,
) -> Question:
    choices = tuple(_choices(item, filled))
    return Question(
        number=item.number,
        kind=item.kind,
        look=_look(item),
        id=anchor(item, clashing=clash is not None),
        count=_count(content, item),
        text=local(item.text),
        hint=local(item.help),
        condition=_condition(content, item),
        needed=item.required,
        choices=choices,
        details=tuple(_details(item)),
        autocomplete=item.autocomplete,
        filled=filled,
        wrong=wrong,
        wrong_comment=wrong_comment,
        clash=clash,
    )


def anchor(item: Item, *, clashing: bool = False) -> str:
    """The id of the question's first control."""
    if clashing:
        return f"keep_{item.number}_stored"
    if _look(item) in {"radios", "boxes"}:
        return f"item_{item.number}_1"
    return f"item_{item.number}"


def shown(item: Item, value: Value | None) -> str:
    """A stored value as people read it; empty when there is none."""
    if value is None or value == "":
        return ""
    if item.options:
        chosen = value if isinstance(value, list) else [value]
        labels = [local(option.label) for option in item.options if option.value in chosen]
        return _(", ").join(labels)
    return str(value)


def stored(values: Mapping[int, Value], item: Item) -> Filled:
    """The fields of a profile item as its stored value fills them."""
    value = values.get(item.number)
    if value is None:
        return Filled()
    return Filled(tuple(value) if isinstance(value, list) else (str(value),))


def _look(item: Item) -> Look:
    if item.kind == "choice":
        return "list" if len(item.options) > MANY else "radios"
    if item.kind == "multiple":
        return "boxes"
    return "lines" if item.kind == "lines" else "line"


def _choices(item: Item, filled: Filled) -> list[Choice]:
    return [
        Choice(
            id=f"item_{item.number}_{place}",
            value=option.value,
            label=local(option.label),
            means=local(option.criterion),
            chosen=option.value in filled.values,
        )
        for place, option in enumerate(item.options, start=1)
    ]


def _count(content: Content, item: Item) -> str:
    if not content.numbered:
        return local(item.topic)
    return _("Question %(number)s / %(all)s") % {"number": item.number, "all": len(content.items)}


def _condition(content: Content, item: Item) -> str:
    """Without a script every question stands on the page; this says whom it is for."""
    if item.show_if is None:
        return ""
    asked = content.named(item.show_if.name)
    labels = [
        local(option.label) for option in asked.options if option.value in item.show_if.values
    ]
    return _("Only if you chose “%(labels)s” for “%(topic)s”.") % {
        "labels": _("” or “").join(labels),
        "topic": local(asked.topic),
    }


def _details(item: Item) -> list[tuple[str, str]]:
    parts = [
        (_("Why we ask"), item.why),
        (_("An example"), item.example),
        (_("What can show it"), item.evidence),
    ]
    return [(head, local(text)) for head, text in parts if text]
