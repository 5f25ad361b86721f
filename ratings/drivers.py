"""A driver: one reason why the score is what it is. All drivers add up to the score."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ratings.policy import Text
from ratings.wording import written


@dataclass(frozen=True)
class Driver:
    """Points and most are whole hundredths. `evidence` names what was looked at."""

    code: str
    points: int
    most: int
    detail: Text
    evidence: tuple[str, ...] = ()

    @cached_property
    def plain(self) -> dict[str, Any]:
        """As the API tells it: points are strings with two decimals. Made once."""
        return {
            "code": self.code,
            "points": written(self.points),
            "most": written(self.most),
            "detail": dict(vars(self.detail)),
            "evidence": list(self.evidence),
        }
