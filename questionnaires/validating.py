"""Whether given values answer the items: lenient in how they are written, strict in what is kept.

Numbers and telephone numbers are read in full width too (NFKC); texts stay as they were typed.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from questionnaires.content import Content, Item, Value

Given = str | Sequence[str]
Code = Literal[
    "missing",
    "unknown-item",
    "not-an-option",
    "several",
    "alone",
    "too-long",
    "unreadable",
    "not-a-number",
    "out-of-range",
    "not-a-telephone",
]
HYPHENS: Final = re.compile(r"[\u2010-\u2015\u2212\u30fc\s()-]+")  # and what stands for one
# Controls, lone surrogates, line separators, and what turns the direction of the text around it.
ODD: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
ODD_IN_LINES: Final = re.compile(f"(?![\t\n]){ODD.pattern}")
NUMBER: Final = re.compile(r"[0-9]{1,9}")
TELEPHONE: Final = re.compile(r"0[0-9]{9,10}|\+[1-9][0-9]{7,14}")


@dataclass(frozen=True)
class Problem:
    """What is wrong with the value of one item; `explaining.sentence` says it to a person."""

    number: int
    code: Code
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """Cleaned values by item number, and the problems of the others, in the items' order."""

    values: Mapping[int, Value]
    problems: tuple[Problem, ...]


class Wrong(ValueError):
    """One value is not acceptable."""

    def __init__(self, code: Code, **params: int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def check(
    content: Content,
    given: Mapping[int, Given],
    *,
    items: Iterable[Item] | None = None,
    complete: bool = False,
) -> Checked:
    """Clean what was given for `items` (default: all). Blank is no value at all.

    `complete` refuses gaps: required items that are asked under the values but have none.
    """
    wanted = tuple(content.items if items is None else items)
    foreign = sorted(set(given) - {item.number for item in wanted})
    problems = [Problem(number, "unknown-item") for number in foreign]
    values: dict[int, Value] = {}
    for item in wanted:
        try:
            cleaned = clean(item, given.get(item.number, ""))
        except Wrong as wrong:
            problems.append(Problem(item.number, wrong.code, wrong.params))
        else:
            values |= {item.number: cleaned} if cleaned is not None else {}
    if complete:
        problems += _gaps(content, values, told={problem.number for problem in problems})
    return Checked(values, tuple(sorted(problems, key=lambda problem: problem.number)))


def _gaps(content: Content, values: Mapping[int, Value], *, told: set[int]) -> list[Problem]:
    gaps = (item.number for item in missing(content, values))
    return [Problem(number, "missing") for number in gaps if number not in told]


def missing(content: Content, values: Mapping[int, Value]) -> tuple[Item, ...]:
    """Required items that are asked under the values and have none of their own."""
    return tuple(
        item
        for item in content.items
        if item.required and item.number not in values and content.asks(item, values)
    )


def clean(item: Item, given: Given) -> Value | None:
    """The value as it is kept, None for blank. Raises `Wrong`."""
    each = [given] if isinstance(given, str) else list(given)
    filled = [text(one, most=item.maximum, lines=item.kind == "lines") for one in each]
    filled = [one for one in filled if one]
    if not filled:
        return None
    if item.kind == "multiple":
        return _several(item, filled)
    if len(filled) > 1:
        raise Wrong("several")
    return _single(item, filled[0])


def text(given: str, *, most: int, lines: bool = True) -> str:
    """Trimmed, line ends as \\n. Refuses what cannot be shown as it is, and over-long text."""
    kept = given.replace("\r\n", "\n").replace("\r", "\n").strip()
    if (ODD_IN_LINES if lines else ODD).search(kept):
        raise Wrong("unreadable")
    if len(kept) > most:
        raise Wrong("too-long", most=most)
    return kept


def _single(item: Item, given: str) -> Value:
    if item.kind == "number":
        return _number(item, given)
    if item.kind == "telephone":
        return _telephone(given)
    if item.kind == "choice" and item.option(given) is None:
        raise Wrong("not-an-option")
    return given


def _several(item: Item, given: Sequence[str]) -> list[str]:
    """In the options' order, each once."""
    if any(item.option(value) is None for value in given):
        raise Wrong("not-an-option")
    chosen = [option for option in item.options if option.value in given]
    if len(chosen) > 1 and any(option.alone for option in chosen):
        raise Wrong("alone")
    return [option.value for option in chosen]


def _number(item: Item, given: str) -> int:
    digits = re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", given))
    if not NUMBER.fullmatch(digits):
        raise Wrong("not-a-number")
    if not item.minimum <= int(digits) <= item.maximum:
        raise Wrong("out-of-range", minimum=item.minimum, maximum=item.maximum)
    return int(digits)


def _telephone(given: str) -> str:
    """Groups stay as they were typed, joined by plain hyphens: 03-1234-5678, +81-3-1234-5678."""
    spelled = HYPHENS.sub("-", unicodedata.normalize("NFKC", given)).strip("-")
    if not TELEPHONE.fullmatch(spelled.replace("-", "")):
        raise Wrong("not-a-telephone")
    return spelled
