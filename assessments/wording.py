"""Words from people are made fit for a letter: nothing hidden, no addresses, no long lines."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

import budoux

LINE: Final = 70  # columns of a line: 35 full-width characters
SUBJECT: Final = 60  # columns of a subject: 30 full-width characters
ADDRESS: Final = r"[a-z][a-z0-9+.-]*://\S*|www\.\S+|\S+\.[a-z]{2,}/\S*|://+"
MAILBOX: Final = r"(?P<mailbox>[a-z0-9._%+-]+@[a-z0-9-]+(?:[.．｡][a-z0-9-]+)+)"
# What may be taken for a domain loses its dots alone: Mr.Max stays readable as Mr Max.
DOT: Final = r"(?<=\S)[.．｡]+(?=[a-z]{2})"
LINK: Final = re.compile(f"{ADDRESS}|{MAILBOX}|{DOT}", re.IGNORECASE)  # as mail programs do
BRACKETED: Final = re.compile(r"(?P<open>[【\[])(?P<name>.*)(?P<close>[】\]])(?P<rest>.*)")
NEVER_FIRST: Final = frozenset("、。,.,.・:;:;)」』】〕〉》)]!?!?ー々ゃゅょっァィゥェォャュョッ")
RUNS: Final = re.compile(r"[!-~]+|\s|[^!-~\s]+")
PHRASES: Final = budoux.load_default_japanese_parser()


def plain(text: str, limit: int = 60, *, mailboxes: bool = False) -> str:
    """One line without control, bidi and other invisible characters and without what a mail
    program makes a link of. `mailboxes` may stay where people are told whom to write to.
    """
    shown = "".join(_visible(character) for character in text)
    while (less := _unlinked(shown, mailboxes=mailboxes)) != shown:
        shown = less  # What was cut out may have held an address together.
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def width(text: str) -> int:
    """Columns: a full-width character takes two. What may be wide in Japan counts as wide."""
    return sum(_columns(character) for character in text)


def letter(text: str) -> tuple[str, str]:
    """Subject and body of a rendered mail: the first line, and the rest in short lines."""
    first, _, rest = text.strip().partition("\n")
    return subject(first.strip()), fold(rest.strip()) + "\n"


def subject(line: str) -> str:
    """At most 30 full-width characters; it is the name in brackets that gives way."""
    line = plain(line, limit=200)
    parts = BRACKETED.match(line)
    if width(line) <= SUBJECT or parts is None:
        return _cut(line, SUBJECT)
    room = SUBJECT - width(parts["open"] + parts["close"] + parts["rest"])
    name = _cut(parts["name"], max(room, 8))
    return _cut(f"{parts['open']}{name}{parts['close']}{parts['rest']}", SUBJECT)


def fold(text: str) -> str:
    """Lines of at most 35 full-width characters; a line that is an address stays whole."""
    return "\n".join(folded for line in text.splitlines() for folded in _folded(line.rstrip()))


def _unlinked(text: str, *, mailboxes: bool) -> str:
    return LINK.sub(lambda link: link[0] if mailboxes and link["mailbox"] else " ", text)


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zl", "Zp", "Zs"} or character in "\t\n\r\v\f":
        return " "
    return "" if category.startswith("C") else character


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _cut(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    while text and width(text) > columns - width("…"):
        text = text[:-1]
    return text.rstrip() + "…"


def _folded(line: str) -> Iterator[str]:
    if width(line) <= LINE or re.fullmatch(r"https?://\S+", line):
        yield line
        return
    kept: list[str] = []
    for piece in _pieces(line):
        if width("".join(kept) + piece) > LINE:
            # What may not open a line takes the piece before it along.
            moved = kept[-1:] if piece[0] in NEVER_FIRST and len(kept) > 1 else []
            yield "".join(kept[: len(kept) - len(moved)]).rstrip()
            kept = moved
        if kept or not piece.isspace():
            kept.append(piece)
    yield "".join(kept)


def _pieces(line: str) -> Iterator[str]:
    """Words of Latin letters and Japanese phrases stay together where they fit into a line."""
    for run in RUNS.findall(line):
        for phrase in [run] if run.isascii() else PHRASES.parse(run):
            if width(phrase) <= LINE:
                yield phrase
            else:
                yield from phrase
