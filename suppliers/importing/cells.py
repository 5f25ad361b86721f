"""Cells of a table become values: what the API's fields read, and refuse, and under which codes.

Plain values in and out, no Django. An empty cell, or a dash, says nothing.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from contractors import odd
from contractors.marking import mark as _
from suppliers.normalising import Unreadable, narrow

Read = Callable[[str], Any]

NOTHING: Final = frozenset({"", "-", "--"})


def says_nothing(cell: str) -> bool:
    return narrow(cell) in NOTHING


def text(most: int) -> Read:
    """One line of at most so many characters, also in 半角: some signs become several."""

    def read(cell: str) -> str:
        if max(len(cell), len(narrow(cell))) > most:
            raise Unreadable("max-length", _("Give at most %(most)d characters here."), most=most)
        if odd.is_odd(cell):
            raise Unreadable(odd.CODE, odd.TEXT)
        return cell

    return read


def day(reader: Callable[[str], date]) -> Read:
    """A day as people write it, as `YYYY-MM-DD`."""
    return lambda cell: reader(cell).isoformat()


def choice(words: Mapping[str, str]) -> Read:
    """One of these words, whatever its width and case; gives back what it stands for."""
    known = " / ".join(dict.fromkeys(words.values()))

    def read(cell: str) -> str:
        found = words.get(narrow(cell).lower())
        if found is None:
            raise Unreadable("invalid-choice", _("Write one of these: %(known)s."), known=known)
        return found

    return read
