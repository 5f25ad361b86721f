"""Says to the person who answers what to do about an answer, in the form's words."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from questionnaires.content import Content, Item
from questionnaires.validating import Code, Problem

SENTENCES: Final[Mapping[Code, str]] = {
    "unknown-item": gettext_noop("This page has changed. Open it again and answer once more."),
    "not-an-option": gettext_noop("Choose one of the options shown for %(subject)s"),
    "several": gettext_noop("Choose only one answer for %(subject)s"),
    "alone": gettext_noop("For %(subject)s, choose either the last option or the others"),
    "too-long": gettext_noop("Write %(subject)s in %(most)s characters or fewer"),
    "unreadable": gettext_noop("Write %(subject)s again, without special characters"),
    "not-a-number": gettext_noop("Write %(subject)s as a number, such as 12"),
    "out-of-range": gettext_noop("Write %(subject)s as a number from %(minimum)s to %(maximum)s"),
    "not-a-telephone": gettext_noop("Write %(subject)s like 03-1234-5678"),
}
CHOOSE: Final = gettext_noop("Choose an answer for %(subject)s")
WRITE: Final = gettext_noop("Write an answer for %(subject)s")


def sentence(content: Content, problem: Problem) -> str:
    """In the active language, without a full stop: it stands in lists and beside fields."""
    params = {**problem.params}
    if problem.code == "unknown-item":
        return _(SENTENCES["unknown-item"])
    item = content.item(problem.number)
    return _(_template(item, problem.code)) % {"subject": subject(content, item), **params}


def subject(content: Content, item: Item) -> str:
    """What people see of the item: its number where numbers are shown, else its topic."""
    if content.numbered:
        return _("question %(number)s") % {"number": item.number}
    return _("“%(topic)s”") % {"topic": item.topic.in_(get_language() or "ja")}


def _template(item: Item, code: Code) -> str:
    if code != "missing":
        return SENTENCES[code]
    return CHOOSE if item.options else WRITE
