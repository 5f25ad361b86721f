"""How often each rule was followed, each status reached, each edge taken: at the end of a run."""

from collections import defaultdict
from typing import Any


def tell(terminalreporter: Any, folder: str) -> None:
    """Of the tests in this folder."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind)]
    ours = [each for each in reports if each.nodeid.startswith(folder)]
    lives = [value for each in ours for name, value in each.user_properties if name == "life"]
    for life in lives:
        terminalreporter.section("life of a request")
        told: dict[str, list[str]] = defaultdict(list)
        for name, count in life:
            kind, _, what = name.partition(" ")
            told[kind].append(f"{what.replace(' ', '→')} {count}")
        for kind, counts in told.items():
            terminalreporter.line(f"{kind}: {', '.join(counts)}")
