"""What to do next: every better answer, a person in charge, better proof, by what each truly gains.

A gain is found by summing the changed facts again, never by looking points up. No Django.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ratings import proving, sentences, summing
from ratings.facts import Certification, Facts
from ratings.guidance import EFFORTS, Crosswalk, Guidance
from ratings.policy import Policy, Text
from ratings.summing import Sum

BETTER: Final = {
    "unknown": ("partly", "done"), "not_done": ("partly", "done"), "partly": ("done",),
    "done": (),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One change. `subject` is what it is about: `item_5`, `person`, `proof.isms`.

    `kind` is answer, person, document, verify, obtain or declare; `to` the better value of an
    answer; `turn` says who has to act; `effort` is one of guidance's.
    """

    kind: str
    subject: str
    effort: str
    item: int | None = None
    to: str | None = None
    scheme: str | None = None
    turn: str = "supplier"
    scs: Crosswalk | None = None
    first: Text | None = None  # one thing to begin with, where the guidance has one


@dataclass(frozen=True)
class Action:
    """A step with what it leads to. `gain` is in hundredths of a point."""

    step: Step
    gain: int
    after: Sum
    detail: Text


def advise(facts: Facts, policy: Policy, guidance: Guidance) -> tuple[Action, ...]:
    """All that gains, the most first; of equal gains the smaller effort, then guidance's order."""
    before = summing.add_up(facts, policy)
    found = [
        _action(step, changed, before, policy) for step, changed in _steps(facts, policy, guidance)
    ]
    gaining = (action for action in found if action.gain > 0)
    return tuple(sorted(gaining, key=lambda it: (-it.gain, EFFORTS.index(it.step.effort))))


def best(actions: Iterable[Action], count: int) -> list[Action]:
    """The first `count`, of each subject only the one that comes first."""
    found: dict[str, Action] = {}
    for action in actions:
        found.setdefault(action.step.subject, action)
    return list(found.values())[:count]


def _action(step: Step, changed: Facts, before: Sum, policy: Policy) -> Action:
    after = summing.add_up(changed, policy)
    gain = after.score - before.score
    return Action(step, gain, after, _detail(step, changed, gain, policy))


def _detail(step: Step, changed: Facts, gain: int, policy: Policy) -> Text:
    if step.kind == "answer":
        item = next(each for each in policy.items if each.number == step.item)
        return sentences.answer(item, step.to or "done", gain)
    if step.kind == "person":
        return sentences.person(gain)
    scheme = step.scheme or ""
    if step.kind == "verify":
        covers = any(one.covers for one in changed.certifications if one.scheme == scheme)
        return sentences.verify(scheme, gain, covers=covers)
    say = {
        "document": sentences.document, "obtain": sentences.obtain, "declare": sentences.declare,
    }  # fmt: skip
    return say[step.kind](scheme, gain)


def _steps(facts: Facts, policy: Policy, guidance: Guidance) -> Iterator[tuple[Step, Facts]]:
    """Each with the facts as they would be. Without answers only proof is at stake."""
    if facts.answers:
        yield from _answers(facts, guidance)
        if not facts.person:
            yield Step("person", "person", guidance.person), replace(facts, person=True)
    yield from _held(facts, policy, guidance)
    yield from _new(facts, guidance)


def _answers(facts: Facts, guidance: Guidance) -> Iterator[tuple[Step, Facts]]:
    answers = facts.answers or {}
    for measure in guidance.measures:
        for value in BETTER[answers[measure.number]]:
            step = Step(
                "answer",
                f"item_{measure.number}",
                measure.begin if value == "partly" else measure.complete,
                item=measure.number,
                to=value,
                scs=measure.scs,
                first=measure.first_step,
            )
            yield step, replace(facts, answers={**answers, measure.number: value})


def _held(facts: Facts, policy: Policy, guidance: Guidance) -> Iterator[tuple[Step, Facts]]:
    """A scope that is not known is taken to be found to cover; one that is known stays."""
    for position, one in enumerate(facts.certifications):
        subject = f"proof.{one.scheme}"
        declared = one.scheme in policy.proof.declarations
        if one.verified or declared or one.status not in proving.COUNTED:
            continue
        if not one.has_document:
            step = Step("document", subject, guidance.document, scheme=one.scheme)
            yield step, _with(facts, position, replace(one, has_document=True))
        scope = "no" if one.scope_covers == "no" else "yes"
        verified = replace(one, status="verified", has_document=True, scope_covers=scope)
        step = Step("verify", subject, guidance.verify, scheme=one.scheme, turn="contractor")
        yield step, _with(facts, position, verified)


def _new(facts: Facts, guidance: Guidance) -> Iterator[tuple[Step, Facts]]:
    counted = {one.scheme for one in facts.certifications if one.status in proving.COUNTED}
    new = [
        *((scheme, "obtain", Certification(scheme, "verified", "yes", has_document=True))
          for scheme in guidance.obtain),
        *((scheme, "declare", Certification(scheme, "declared")) for scheme in guidance.declare),
    ]  # fmt: skip
    for scheme, kind, one in new:
        if scheme not in counted:
            effort = (guidance.obtain if kind == "obtain" else guidance.declare)[scheme]
            step = Step(kind, f"proof.{scheme}", effort, scheme=scheme)
            yield step, replace(facts, certifications=(*facts.certifications, one))


def _with(facts: Facts, position: int, one: Certification) -> Facts:
    held = list(facts.certifications)
    held[position] = one
    return replace(facts, certifications=tuple(held))
