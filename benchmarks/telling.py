"""What a person sees while it runs."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say at once what is done now; where a line can change, how long it took as well."""
    began = time.monotonic()
    _write(f"{what} …" if sys.stderr.isatty() else f"{what} …\n")
    yield
    if sys.stderr.isatty():
        _write(f"\r{what}: {time.monotonic() - began:.1f} s\033[K\n")


def progress(done: int, of: int) -> None:
    """How far the present step is; only where a line can change."""
    if sys.stderr.isatty():
        told = f" {done}/{of}"
        _write(f"{told}\033[{len(told)}D")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
