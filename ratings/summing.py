"""The sum of a rating: facts and a policy become drivers that add up to the score. No Django."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ratings import judging, proving, wording
from ratings.drivers import Driver
from ratings.facts import Facts, Unusable
from ratings.judging import Confidence
from ratings.policy import Basic, Item, Policy


@dataclass(frozen=True)
class Sum:
    """`score` is whole hundredths, 0 to 10000; `exposure` how many conditions certainly hold.

    `level` takes an exposure that is not answered as yes, `level_at_least` as no.
    """

    score: int
    grade: str
    drivers: tuple[Driver, ...]
    level: str
    level_at_least: str
    exposure: int
    flags: tuple[str, ...]
    confidence: Confidence

    @property
    def points(self) -> Decimal:
        """The score in points, with two decimals."""
        return Decimal(self.score).scaleb(-2)

    @property
    def plain(self) -> dict[str, Any]:
        """What explains the score, as the API tells it."""
        return {
            "drivers": [driver.plain for driver in self.drivers],
            "confidence": self.confidence.plain,
            "flags": list(self.flags),
        }


def add_up(facts: Facts, policy: Policy) -> Sum:
    """What the facts come to under the policy. Refuses with `Unusable` what it cannot rate."""
    _check(facts, policy)
    drivers = tuple(_drivers(facts, policy))
    score = sum(driver.points for driver in drivers)
    grade = judging.grade(score, policy)
    return Sum(
        score=score,
        grade=grade,
        drivers=drivers,
        level=judging.level(grade, facts.exposure_at_most, facts=facts, policy=policy),
        level_at_least=judging.level(grade, facts.exposure_at_least, facts=facts, policy=policy),
        exposure=facts.exposure_at_least,
        flags=judging.flags(facts, policy),
        confidence=judging.confidence(facts, policy),
    )


def _check(facts: Facts, policy: Policy) -> None:
    for one in facts.certifications:
        if one.scheme not in wording.SCHEMES:
            raise Unusable(f"“{one.scheme}” is no scheme. Use one of {sorted(wording.SCHEMES)}.")
    if not facts.answers:
        return
    wanted = {item.number for item in policy.items}
    if wrong := wanted ^ set(facts.answers):
        raise Unusable(f"Answer exactly the items 1 to {len(wanted)}; see to {sorted(wrong)}.")
    for number, value in facts.answers.items():
        if value not in wording.VALUES:
            raise Unusable(f"Item {number} says “{value}”. Use one of {sorted(wording.VALUES)}.")


def _drivers(facts: Facts, policy: Policy) -> Iterator[Driver]:
    if not facts.answers:
        yield _certificate(facts, policy)
        return
    earned = [
        *_answers(facts.answers, policy),
        _person(facts.person, policy),
        *proving.drivers(facts, policy),
    ]
    yield from earned
    yield _unproven(sum(driver.points for driver in earned), facts, policy)


@lru_cache(maxsize=16)
def _told(policy: Policy) -> Mapping[int, Mapping[str, tuple[Driver, ...]]]:
    """By item and value: the item's driver, and that of the basic it is, if it is one."""
    basics = {basic.item: basic for basic in policy.basics}
    return {
        item.number: {
            value: (_item(item, value), *_basic(basics.get(item.number), item, value))
            for value in wording.VALUES
        }
        for item in policy.items
    }


def _answers(answers: Mapping[int, str], policy: Policy) -> list[Driver]:
    """Items first, then the basics. Of each answer the driver is made once a policy."""
    told = _told(policy)
    found = [told[item.number][answers[item.number]] for item in policy.items]
    return [each[0] for each in found] + [basic for each in found for basic in each[1:]]


def _item(item: Item, value: str) -> Driver:
    detail = wording.item(item, value)
    evidence = (f"answer:{item.number}",)
    return Driver(f"item_{item.number}", item.points[value], item.most, detail, evidence)


def _basic(basic: Basic | None, item: Item, value: str) -> tuple[Driver, ...]:
    if basic is None:
        return ()
    points = basic.points if value in basic.earned_by else 0
    detail = wording.basic(basic, item.topic, value)
    evidence = (f"answer:{basic.item}",)
    return (Driver(f"basic_{basic.item}", points, basic.points, detail, evidence),)


@lru_cache(maxsize=32)
def _person(named: bool, policy: Policy) -> Driver:  # a key of the cache
    points = policy.person if named else 0
    detail = wording.person(named=named, most=policy.person)
    return Driver("person", points, policy.person, detail, ("profile:person",))


def _unproven(total: int, facts: Facts, policy: Policy) -> Driver:
    """The limit is a driver, too, so that the drivers still add up to the score."""
    if proving.proven(facts, policy):
        return _limit(policy, proven=True, over=0)
    return _limit(policy, proven=False, over=max(0, total - policy.unproven_limit))


@lru_cache(maxsize=4096)
def _limit(policy: Policy, *, proven: bool, over: int) -> Driver:
    detail = wording.unproven(policy.unproven_limit, proven=proven, over=over)
    return Driver("unproven", -over, 0, detail)


def _certificate(facts: Facts, policy: Policy) -> Driver:
    accepted = proving.accepted(facts, policy)
    most = max(policy.instead_of_answers.values(), default=0)
    if accepted is None:
        return Driver("certificate", 0, most, wording.certificate(None, 0))
    points = policy.instead_of_answers[accepted.scheme]
    evidence = (f"certification:{accepted.reference}",) if accepted.reference else ()
    detail = wording.certificate(accepted.scheme, points)
    return Driver("certificate", points, most, detail, evidence)
