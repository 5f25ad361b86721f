"""Which stars of SECURITY ACTION are within reach. No Django.

One star of SECURITY ACTION is a promise to work on five items, and two stars need the
self-diagnosis and a published basic policy (IPA). So both are declared, never awarded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from ratings.facts import Facts

FILE: Final = Path(__file__).parent / "stars.yaml"
POLICY: Final = "published_basic_policy"
DIAGNOSIS: Final = "self_diagnosis"


@dataclass(frozen=True)
class Star:
    """`missing`: what must be there before it can be declared; `open_items`: what is left to do."""

    scheme: str
    declared: bool
    missing: tuple[str, ...]
    done_items: tuple[int, ...] = ()
    open_items: tuple[int, ...] = ()

    @property
    def can_declare(self) -> bool:
        """Whether nothing stands in the way that we know of."""
        return not self.declared and not self.missing

    @property
    def plain(self) -> dict[str, Any]:
        return {
            "scheme": self.scheme,
            "declared": self.declared,
            "can_declare": self.can_declare,
            "missing": list(self.missing),
            "done_items": list(self.done_items),
            "open_items": list(self.open_items),
        }


def stars(facts: Facts) -> tuple[Star, ...]:
    """One star may be declared at any time; two need what nobody but the firm can tell us of."""
    rules = _rules()
    answers = facts.answers or {}
    wanted = rules["one_star"]["items"]
    done = tuple(number for number in wanted if answers.get(number) == "done")
    left = tuple(number for number in wanted if number not in done)
    held = {one.scheme for one in facts.certifications if one.status in {"declared", "verified"}}
    two = "security_action_2" in held
    return (
        Star("security_action_1", two or "security_action_1" in held, (), done, left),
        Star("security_action_2", two, () if two else _missing(answers)),
    )


def _missing(answers: Mapping[int, str]) -> tuple[str, ...]:
    """A published policy is seen on no answer sheet: it stays to be confirmed by the firm."""
    return (POLICY,) if answers else (DIAGNOSIS, POLICY)


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return rules
