"""Words that no letter says to a supplier in the contractor's name without a second look."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

ACCUSING: Final = re.compile(
    r"義務|違反|(?:取引|取り引き|発注|契約).{0,4}(?:停止|中止|打ち切|打切|解除|終了)|処分|罰|ペナルティ|督促"
    r"|\b(?:obligat|violat|breach|penalt|terminat)|\bstop\b.{0,20}\b(?:orders|trade|business)",
    re.IGNORECASE,
)


def places(requirements: Mapping[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Where the contractor's own words about use and effect hold such a word."""
    for index, promise in enumerate(requirements.get("promises") or []):
        if isinstance(promise, dict) and ACCUSING.search(promise.get("text") or ""):
            yield "promises", index, "text"
    if ACCUSING.search(requirements.get("effect_if_not_met") or ""):
        yield ("effect_if_not_met",)
