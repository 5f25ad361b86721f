"""What a person at the terminal reads: steps, what went over the wire, and that it goes on."""

import contextlib
import json
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final, TextIO, TypeVar

from demo.failing import Failed

T = TypeVar("T")
SILENCE: Final = 2.0  # seconds that a person waits without being told why
WIDTH: Final = 96  # columns
INDENT: Final = "   "


class Teller:
    """Writes to one stream; a reader who goes away (`| head`) does not end the demonstration."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.began = time.monotonic()
        self.steps: list[tuple[str, float]] = []

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self.began

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        began = time.monotonic()
        head = f"── {len(self.steps) + 1}. {title} "
        self.write(f"\n{head}{'─' * (WIDTH - width(head))}\n")
        yield
        took = time.monotonic() - began
        self.steps.append((title, took))
        self.say(f"{took:.1f} s")

    def say(self, text: str) -> None:
        self.write("".join(f"{INDENT}{line}\n" for line in text.splitlines()))

    def folded(self, text: str, most: int) -> None:
        """A long line on at most so many short ones, set in a little."""
        lines = fold(text, WIDTH - 2)
        rest = "…" if len(lines) > most else ""
        self.say("\n".join(f"  {line}" for line in lines[:most]) + rest)

    def block(self, text: str, most: int = 60) -> None:
        """Text as it came, shortened to so many lines."""
        lines = text.splitlines()
        for line in lines[:most]:
            self.write(f"{INDENT}  │ {cut(line)}\n")
        if len(lines) > most:
            self.write(f"{INDENT}  │ … {len(lines) - most} more lines\n")

    def request(self, line: str, headers: Mapping[str, str], body: Any, most: int) -> None:
        """The way there; `body` is shown as JSON."""
        self.say(f"→ {line}")
        self._part(headers, body, most)

    def answer(
        self, status: int, seconds: float, headers: Mapping[str, str], body: Any, most: int
    ) -> None:
        """The way back."""
        self.say(f"← {answered(status, seconds)}")
        self._part(headers, body, most)

    def exchange(self, line: str, status: int, seconds: float, leads: str = "") -> None:
        """Both ways in one line, and where a redirect leads."""
        self.say(f"→ {line}  ← {answered(status, seconds)}{leads and f' → {leads}'}")

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Columns as wide as their longest entry; the last one is folded at the edge."""
        every = [head, *rows]
        widths = [max(width(row[place]) for row in every) for place in range(len(head) - 1)]
        room = WIDTH - sum(widths) - 2 * len(widths)
        for row in every:
            cells = [cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(row[:-1])]
            folded = fold(row[-1], room)
            self.say("  ".join([*cells, folded[0]]).rstrip())
            for more in folded[1:]:
                self.say(" " * (WIDTH - room) + more)

    def wait(self, what: str, look: Callable[[], T | None], most: float = 60.0) -> T:
        """Look again and again until there is something, and show that one waits."""
        began, told = time.monotonic(), 0
        while (found := look()) is None:
            waited = time.monotonic() - began
            if waited > most:
                raise Failed(f"Waited {most:.0f} seconds in vain for {what}.")
            if waited > SILENCE + told:
                self.write("." if told else f"{INDENT}Waiting for {what} ..")
                told += 1
            time.sleep(0.05)
        if told:
            self.write(f" {time.monotonic() - began:.1f} s\n")
        return found

    def write(self, text: str) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.out.write(text)
            self.out.flush()

    def _part(self, headers: Mapping[str, str], body: Any, most: int) -> None:
        for name, value in headers.items():
            self.write(f"{INDENT}  {cut(f'{name}: {value}')}\n")
        if body is not None and most:
            self.block(json.dumps(body, ensure_ascii=False, indent=2), most)


def width(text: str) -> int:
    """Columns on a terminal: a full-width character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def answered(status: int, seconds: float) -> str:
    return f"{status} {HTTPStatus(status).phrase}, {seconds * 1000:.0f} ms"


def fold(text: str, columns: int) -> list[str]:
    lines = [""]
    for each in text:
        if width(lines[-1] + each) > columns:
            lines.append("")
        lines[-1] += each
    return lines


def cut(text: str, columns: int = WIDTH) -> str:
    return text if width(text) <= columns else f"{fold(text, columns - 1)[0]}…"
