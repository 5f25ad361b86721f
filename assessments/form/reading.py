"""What a browser sent for a page of questions: kept as it came, and checked without losing any."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from assessments.answering import Given
from assessments.form.questions import Filled
from questionnaires import explaining, validating
from questionnaires.content import Content, Item
from questionnaires.validating import Problem

COMMENT: Final = 500  # characters
OF_EVERY_PAGE: Final = frozenset(
    {"csrfmiddlewaretoken", "action", "language", "code", "from", "version", "keep"}
)
OF_AN_ITEM: Final = re.compile(  # a browser sends the name of a file field that was left empty too
    r"(?:item|comment|version|stored|keep|earlier|file)_([1-9][0-9]{0,2})"
)
VERSION: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Sent:
    """The fields of a page by the number of the item."""

    filled: Mapping[int, Filled]
    dropped: frozenset[int]  # of these the stored answer stays
    foreign: bool  # fields that this page does not have


@dataclass
class Checked:
    """What may be stored, and a sentence for each field that may not."""

    given: dict[int, Given] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)
    wrong_comments: dict[int, str] = field(default_factory=dict)
    strange: bool = False  # no browser sends this by itself

    def is_fine(self) -> bool:
        return not (self.wrong or self.wrong_comments or self.strange)


def read(post: QueryDict, items: Iterable[Item]) -> Sent:
    numbers = {item.number for item in items}
    filled = {number: _filled(post, number) for number in sorted(numbers)}
    dropped = {number for number in numbers if post.get(f"keep_{number}") == "stored"}
    return Sent(filled, frozenset(dropped), any(_is_foreign(name, numbers) for name in post))


def check(content: Content, items: Iterable[Item], sent: Sent) -> Checked:
    """Answers are a choice and a comment; a comment without a choice is kept as well."""
    checked = Checked(strange=sent.foreign)
    for item in items:
        filled = sent.filled[item.number]
        if item.number not in sent.dropped and (any(filled.values) or _is_written(filled)):
            _check(content, item, filled, checked)
    return checked


def _check(content: Content, item: Item, filled: Filled, checked: Checked) -> None:
    number = item.number
    try:
        comment = validating.text(filled.comment, most=COMMENT)
    except validating.Wrong as wrong:
        checked.wrong_comments[number] = _about_comment(content, item, wrong)
        checked.strange |= wrong.code == "unreadable"
        return
    try:
        value = validating.clean(item, filled.values)
    except validating.Wrong as wrong:
        problem = Problem(number, wrong.code, wrong.params)
        checked.wrong[number] = explaining.sentence(content, problem)
        checked.strange = True
        return
    checked.given[number] = Given(str(value or ""), comment, filled.version)


def _is_written(filled: Filled) -> bool:
    return bool(filled.comment.strip()) or filled.version > 0


def _filled(post: QueryDict, number: int) -> Filled:
    kept = post.get(f"keep_{number}") == "given"
    version = post.get(f"stored_{number}" if kept else f"version_{number}", "")
    return Filled(
        values=tuple(post.getlist(f"item_{number}")),
        comment=post.get(f"comment_{number}", ""),
        earlier=post.get(f"earlier_{number}", ""),
        # What is no number is no version: the answer then clashes instead of overwriting.
        version=int(version) if VERSION.fullmatch(version) else 0,
    )


def _is_foreign(name: str, numbers: set[int]) -> bool:
    of_item = OF_AN_ITEM.fullmatch(name)
    if of_item:
        return int(of_item[1]) not in numbers
    return name not in OF_EVERY_PAGE


def _about_comment(content: Content, item: Item, wrong: validating.Wrong) -> str:
    subject = explaining.subject(content, item)
    if wrong.code == "too-long":
        return _("Write the note on %(subject)s in %(most)s characters or fewer") % {
            "subject": subject,
            "most": COMMENT,
        }
    return _("Write the note on %(subject)s again, without special characters") % {
        "subject": subject
    }
