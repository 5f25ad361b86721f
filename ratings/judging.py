"""What a sum means: its grade, whom to talk to first, and how far it can be relied on."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ratings import proving, reasons
from ratings.facts import Facts
from ratings.policy import Policy
from ratings.reasons import Reason

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Confidence:
    value: Literal["high", "medium", "low"]
    reasons: tuple[Reason, ...]

    @property
    def plain(self) -> dict[str, Any]:
        return {"value": self.value, "reasons": [reason.plain for reason in self.reasons]}


def grade(score: int, policy: Policy) -> str:
    return next(name for begins_at, name in policy.grades if score >= begins_at)


def level(grade: str, exposure: int, *, facts: Facts, policy: Policy) -> str:
    """The cell of the matrix, or `unknown` where nothing was answered or it is too long ago."""
    if not rated(facts, policy) or stale(facts, policy):
        return UNKNOWN
    return policy.levels[grade][exposure]


def rated(facts: Facts, policy: Policy) -> bool:
    """Whether there is something to go by: answers, or a certificate accepted in their place."""
    return bool(facts.answers) or proving.accepted(facts, policy) is not None


def stale(facts: Facts, policy: Policy) -> bool:
    return facts.as_of > months_after(facts.answered_on, policy.confidence.stale_months)


def flags(facts: Facts, policy: Policy) -> tuple[str, ...]:
    """What a person should know beside the score. None of them moves a point."""
    raised = {
        "answers_stale": stale(facts, policy),
        "exposure_incomplete": None in facts.exposure,
        "incident_open": facts.incident_open,
    }
    return tuple(code for code, up in raised.items() if up)


def confidence(facts: Facts, policy: Policy) -> Confidence:
    bounds = policy.confidence
    fresh = facts.as_of <= months_after(facts.answered_on, bounds.fresh_months)
    few = facts.unknowns <= bounds.few_unknowns
    many = facts.unknowns >= bounds.many_unknowns
    verified = any(proving.third_party_verified(one, policy) for one in facts.certifications)
    found = tuple(_reasons(facts, policy, fresh=fresh, verified=verified))
    if not fresh or many or not rated(facts, policy):
        return Confidence("low", found)
    return Confidence("high" if few and verified else "medium", found)


def _reasons(facts: Facts, policy: Policy, *, fresh: bool, verified: bool) -> Iterator[Reason]:
    """Always about time, answers and proof, so that what is missing for more can be seen."""
    bounds = policy.confidence
    if facts.answers:
        yield reasons.unknowns(facts.unknowns, bounds)
    else:
        yield reasons.instead(accepted=rated(facts, policy))
    yield reasons.age(bounds, fresh=fresh)
    yield reasons.proof(verified=verified)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))
