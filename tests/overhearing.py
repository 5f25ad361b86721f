"""Whatever a test does, no line of the log tells an answer, a mail address, a link or a key."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from config.logging import LOGGING

TOLD = re.compile(
    r"[^\s@\"\[]+@[^\s@\"\]]+\.[a-z]{2,}"  # mail addresses
    r"|/r/(?!\[link\])[^\s\"<]"  # links of suppliers
    r"|tsk_\w|whsec_\w"  # keys and secrets
    r"|山田|佐藤|花子|太郎|yamada|hanako"  # the people of our factories
)


class Heard(logging.Handler):
    """Keeps every line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.text = io.StringIO()
        options: dict[str, Any] = dict(LOGGING["formatters"]["json"])  # type: ignore[index]
        self.setFormatter(options.pop("()")(**options))

    def emit(self, record: logging.LogRecord) -> None:
        self.text.write(self.format(record) + "\n")

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.getvalue().splitlines()]


@pytest.fixture(autouse=True)
def heard() -> Iterator[Heard]:
    """The log of this test. It is checked when the test has ended."""
    handler = Heard()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    for line in handler.lines:
        told = TOLD.search(json.dumps(line, ensure_ascii=False))
        assert not told, f"The log tells {told[0]!r}: {line}"
