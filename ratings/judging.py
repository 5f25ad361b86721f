"""What a sum means: its grade, whom to talk to first, and how far it can be relied on."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
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


def fresh(facts: Facts, policy: Policy) -> bool:
    return facts.as_of <= months_after(facts.answered_on, policy.confidence.fresh_months)


def next_day(facts: Facts, policy: Policy) -> date | None:
    """The next day that alone changes the result: answers are fresh no more, then stale.

    The end of a certificate is watched where certificates are.
    """
    months = (policy.confidence.fresh_months, policy.confidence.stale_months)
    ends = (months_after(facts.answered_on, count) for count in months)
    return min((end + timedelta(1) for end in ends if end >= facts.as_of), default=None)


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
    recent = fresh(facts, policy)
    few = facts.unknowns <= bounds.few_unknowns
    many = facts.unknowns >= bounds.many_unknowns
    verified = any(proving.third_party_verified(one, policy) for one in facts.certifications)
    found = tuple(_reasons(facts, policy, fresh=recent, verified=verified))
    if not recent or many or not rated(facts, policy):
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


@lru_cache(maxsize=4096)
def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))
