"""What to do next: each change that would add points, with what it really adds. No Django.

A gain is never estimated: it is the difference of two sums, the one with the change made and the
one without.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator

from ratings import proving, summing, wording
from ratings.facts import Certification, Facts
from ratings.policy import Policy, Text

HERE: Final = Path(__file__).parent
EFFORTS: Final = ("low", "medium", "high")
LIVING: Final = frozenset({"declared", "renewal_pending"})


@dataclass(frozen=True)
class Advice:
    """What a change takes: class of effort, first step, and the requirements of SCS it touches."""

    effort: str
    first_step: Text
    scs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Advices:
    items: Mapping[int, Advice]
    person: Advice
    verify: Advice
    declare: Mapping[str, Advice]


@dataclass(frozen=True)
class Action:
    """One change. `code` names what changes; `gain` is whole hundredths of a point, above 0."""

    code: str
    gain: int
    detail: Text
    advice: Advice

    @property
    def plain(self) -> dict[str, Any]:
        """As the API tells it: the gain is a string with two decimals."""
        return {
            "code": self.code,
            "gain": wording.written(self.gain),
            "effort": self.advice.effort,
            "detail": dict(vars(self.detail)),
            "first_step": dict(vars(self.advice.first_step)),
            "scs": list(self.advice.scs),
        }


@dataclass(frozen=True)
class Change:
    code: str
    facts: Facts
    detail: Text
    advice: Advice


def next_actions(facts: Facts, policy: Policy) -> tuple[Action, ...]:
    """Every single change that gains, the largest gain first, then the least effort.

    Among equals the data file's own order holds: basics, organisation, everyday work.
    """
    before = summing.add_up(facts, policy).score
    best: dict[str, Action] = {}  # of two certificates of one scheme the better one is told
    for change in _changes(facts, policy, standard()):
        gain = summing.add_up(change.facts, policy).score - before
        if gain > max(0, best[change.code].gain if change.code in best else 0):
            best[change.code] = Action(change.code, gain, change.detail, change.advice)
    return tuple(sorted(best.values(), key=_place))


def _place(action: Action) -> tuple[int, int]:
    return -action.gain, EFFORTS.index(action.advice.effort)


def _changes(facts: Facts, policy: Policy, advices: Advices) -> Iterator[Change]:
    if facts.answers:
        yield from _better_answers(facts, facts.answers, policy, advices)
        if not facts.person:
            named = replace(facts, person=True)
            yield Change("person", named, wording.name_person(), advices.person)
    yield from _verified(facts, policy, advices)
    yield from _declared(facts, policy, advices)


def _better_answers(
    facts: Facts, answers: Mapping[int, str], policy: Policy, advices: Advices
) -> Iterator[Change]:
    by_number = {item.number: item for item in policy.items}
    for number, advice in advices.items.items():
        if number in by_number and answers[number] != "done":
            better = replace(facts, answers={**answers, number: "done"})
            detail = wording.improve(by_number[number], answers[number])
            yield Change(f"item_{number}", better, detail, advice)


def _verified(facts: Facts, policy: Policy, advices: Advices) -> Iterator[Change]:
    """What is held already, checked against its document with a scope that covers the trade."""
    for one in sorted(facts.certifications):
        if one.status in LIVING and proving.scale(one.scheme, facts, policy):
            checked = replace(one, status="verified", scope_covers="yes", has_document=True)
            changed = replace(facts, certifications=_instead(facts.certifications, one, checked))
            detail = wording.verify(one.scheme)
            yield Change(f"verify.{one.scheme}", changed, detail, advices.verify)


def _declared(facts: Facts, policy: Policy, advices: Advices) -> Iterator[Change]:
    for scheme, advice in advices.declare.items():
        if scheme in policy.proof.declarations:
            new = Certification(scheme, "declared")
            changed = replace(facts, certifications=(*facts.certifications, new))
            yield Change(f"declare.{scheme}", changed, wording.declare(scheme), advice)


def _instead(
    held: Iterable[Certification], old: Certification, new: Certification
) -> tuple[Certification, ...]:
    rest = list(held)
    rest.remove(old)
    return (*rest, new)


@cache
def standard() -> Advices:
    """What stands in the data file beside the standard policy."""
    return load(yaml.safe_load((HERE / "advice" / "tasuki-2026.1.yaml").read_text("utf-8")))


def load(raw: Any) -> Advices:
    """From plain content. Refuses what the schema does not allow (jsonschema's ValidationError)."""
    schema = json.loads((HERE / "schema" / "advice.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(raw)
    return Advices(
        items={each["number"]: _advice(each) for each in raw["items"]},
        person=_advice(raw["person"]),
        verify=_advice(raw["verify"]),
        declare={scheme: _advice(each) for scheme, each in raw["declare"].items()},
    )


def _advice(raw: Mapping[str, Any]) -> Advice:
    return Advice(raw["effort"], Text(**raw["first_step"]), tuple(raw.get("scs", ())))
