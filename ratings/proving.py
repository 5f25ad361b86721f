"""Proof: what certificates and declarations bring, each scheme once, and where they stop."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ratings import wording
from ratings.drivers import Driver
from ratings.facts import Certification, Facts
from ratings.policy import Policy, Scale, Text

COUNTED: Final = frozenset(  # a renewal that was filed counts as a document not yet checked
    {"verified", "declared", "renewal_pending"}
)


@dataclass(frozen=True)
class Worth:
    """What the certifications of one scheme bring, in hundredths.

    `unchecked` is what unverified papers add to `checked`, so that one more paper never costs
    anything. A declaration counts as checked: it is no more than the firm's word, and is priced so.
    """

    scheme: str
    checked: int
    unchecked: int
    most: int
    detail: Text
    evidence: tuple[str, ...]

    @property
    def driver(self) -> Driver:
        points = self.checked + self.unchecked
        return Driver(f"proof.{self.scheme}", points, self.most, self.detail, self.evidence)


def drivers(facts: Facts, policy: Policy) -> Iterator[Driver]:
    """A driver for each scheme held or named, and the cap (points of 0 or less)."""
    worths = [_worth(scheme, facts, policy) for scheme in _held(facts)]
    yield from (worth.driver for worth in worths)
    yield _cap(worths, policy)


def proven(facts: Facts, policy: Policy) -> bool:
    """Whether a third party's verified certificate covers this trade and brings points."""
    return any(
        one.covers and _points(one, facts, policy) > 0
        for one in facts.certifications
        if third_party_verified(one, policy)
    )


def third_party_verified(one: Certification, policy: Policy) -> bool:
    return one.verified and one.scheme not in policy.proof.declarations


def accepted(facts: Facts, policy: Policy) -> Certification | None:
    """The certificate that stands in place of answers: the best that is verified and covers."""
    able = [
        one
        for one in sorted(facts.certifications)
        if one.verified and one.covers and one.scheme in policy.instead_of_answers
    ]
    return max(able, key=lambda one: policy.instead_of_answers[one.scheme], default=None)


def scale(scheme: str, facts: Facts, policy: Policy) -> Scale | None:
    """The points of a certificate for this trade; None where whoever verifies sets them."""
    if (certificate := policy.proof.certificates.get(scheme)) is None:
        return None
    return certificate.points if facts.handles_personal_data else certificate.without_personal_data


def _held(facts: Facts) -> Iterable[str]:
    held = {one.scheme for one in facts.certifications}
    return [scheme for scheme in wording.SCHEMES if scheme in held]


def _worth(scheme: str, facts: Facts, policy: Policy) -> Worth:
    ours = sorted(one for one in facts.certifications if one.scheme == scheme)
    evidence = tuple(f"certification:{one.reference}" for one in ours if one.reference)
    if scheme in policy.proof.declarations:
        return _declared(scheme, ours, facts, policy, evidence)
    best = max(ours, key=lambda one: (_points(one, facts, policy), one.verified))
    checked = max((_points(one, facts, policy) for one in ours if one.verified), default=0)
    points = _points(best, facts, policy)
    table = scale(scheme, facts, policy)
    most = table.covers if table else policy.proof.by_checker_most
    detail = wording.proof(best, points=points, most=most)
    return Worth(scheme, checked, points - checked, most, detail, evidence)


def _points(one: Certification, facts: Facts, policy: Policy) -> int:
    if one.status not in COUNTED:
        return 0
    if one.scheme in policy.proof.declarations:
        return policy.proof.declarations[one.scheme].points
    if (table := scale(one.scheme, facts, policy)) is None:
        return min(one.points, policy.proof.by_checker_most) if one.verified else 0
    if one.verified:
        return table.covers if one.covers else table.elsewhere
    if one.has_document:
        # A scope that is not said to cover must not be worth more unread than read.
        return table.document if one.covers else min(table.document, table.elsewhere)
    return table.named


def _declared(
    scheme: str,
    ours: list[Certification],
    facts: Facts,
    policy: Policy,
    evidence: tuple[str, ...],
) -> Worth:
    best = max(ours, key=lambda one: _points(one, facts, policy))
    points, most = _points(best, facts, policy), policy.proof.declarations[scheme].points
    if points and (better := _better_of_family(scheme, facts, policy)):
        return Worth(scheme, 0, 0, most, wording.included(scheme, better), evidence)
    return Worth(scheme, points, 0, most, wording.declared(best), evidence)


def _better_of_family(scheme: str, facts: Facts, policy: Policy) -> str | None:
    """The declaration that counts in place of this one; of equal ones the first by name."""
    family = policy.proof.declarations[scheme].family
    rivals = {
        one.scheme
        for one in facts.certifications
        if one.scheme in policy.proof.declarations
        and policy.proof.declarations[one.scheme].family == family
        and _points(one, facts, policy) > 0
    }
    best = min(rivals, key=lambda rival: (-policy.proof.declarations[rival].points, rival))
    return best if best != scheme else None


def _cap(worths: list[Worth], policy: Policy) -> Driver:
    proof = policy.proof
    checked = sum(worth.checked for worth in worths)
    unchecked = sum(worth.unchecked for worth in worths)
    too_unchecked = max(0, unchecked - proof.unchecked_most)
    too_many = max(0, checked + unchecked - too_unchecked - proof.most)
    return _capped(policy, held=bool(worths), too_unchecked=too_unchecked, too_many=too_many)


@lru_cache(maxsize=4096)
def _capped(policy: Policy, *, held: bool, too_unchecked: int, too_many: int) -> Driver:
    detail = wording.proof_cap(
        policy.proof, held=held, too_unchecked=too_unchecked, too_many=too_many
    )
    return Driver("proof_cap", -too_unchecked - too_many, 0, detail)
