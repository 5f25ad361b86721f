"""SECURITY ACTION (IPA): whether a star is declared, can be declared, and what it still needs.

One star is a promise to work on its items, so it can be declared at any time. Two stars need the
self-diagnosis and a published policy. Nobody is asked about that policy: while two stars are not
declared it is named as needed. No Django.
"""

from dataclasses import dataclass

from ratings import proving, sentences
from ratings.facts import Facts
from ratings.guidance import Stars
from ratings.policy import Text


@dataclass(frozen=True)
class Star:
    """`done` and `remaining` are items of one star, `missing` names of what two stars need."""

    stars: int
    rule: str  # version of the rules
    declared: bool
    can_declare: bool
    done: tuple[int, ...]
    remaining: tuple[int, ...]
    missing: tuple[str, ...]
    detail: Text


def eligibility(facts: Facts, rules: Stars) -> tuple[Star, Star]:
    """One star and two. Whoever declared two has one too."""
    held = {one.scheme for one in facts.certifications if one.status in proving.COUNTED}
    two = "security_action_2" in held
    return _one(facts, rules, two or "security_action_1" in held), _two(facts, rules, two)


def _one(facts: Facts, rules: Stars, declared: bool) -> Star:
    answers = facts.answers or {}
    done = tuple(number for number in rules.one_star if answers.get(number) == "done")
    remaining = tuple(number for number in rules.one_star if number not in done)
    detail = sentences.one_star(declared=declared, remaining=remaining)
    return Star(1, rules.version, declared, True, done, remaining, (), detail)


def _two(facts: Facts, rules: Stars, declared: bool) -> Star:
    there = {"self_diagnosis"} if facts.answers else set()
    missing = () if declared else tuple(name for name in rules.two_stars if name not in there)
    detail = sentences.two_stars(declared=declared, missing=missing)
    return Star(2, rules.version, declared, not missing, (), (), missing, detail)
