"""Work inside the act that calls it: a snapshot of answers becomes a rating and a standing."""

from collections.abc import Mapping
from datetime import datetime

from questionnaires.scoring import Score
from ratings import diagnosing, holding, policy, standing, summing
from ratings.facts import Facts
from ratings.models import Cause, Rating
from ratings.policy import Policy
from ratings.standing import Basis
from suppliers import days
from suppliers.models import Supplier


def rate(
    supplier: Supplier,
    *,
    answers: Mapping[int, str] | None,
    person: bool,
    self_diagnosis: Score | None,
    incident_open: bool,
    now: datetime,
) -> tuple[Rating, bool]:
    """Store the rating and the standing it gives. Also says whether the level changed.

    Without answers it rests on a certificate accepted in their place, which does not replace a
    better standing that still holds. The caller holds the lock on the supplier's row, and reads the
    old level before, if it tells it.
    """
    today, standard = days.in_japan(now), policy.standard()
    facts = Facts(
        answers=answers,
        person=person,
        handles_personal_data=supplier.handles_personal_data,
        exposure=standing.exposure(supplier),
        answered_on=today,
        as_of=today,
        certifications=holding.held([supplier], day=today)[supplier.pk],
        incident_open=incident_open,
    )
    diagnosed = diagnosing.plain(self_diagnosis) if self_diagnosis else None
    new = Basis(facts, summing.add_up(facts, standard), diagnosed, Cause.SUBMITTED)
    return _store(supplier, new, standard, now=now)


def make(
    supplier: Supplier, basis: Basis, policy: Policy, *, stands: bool, now: datetime
) -> Rating:
    """The row, to be stored."""
    row = sketch(basis, policy, now=now)
    row.contractor_id, row.supplier, row.stands = supplier.contractor_id, supplier, stands
    return row


def sketch(basis: Basis, policy: Policy, *, now: datetime) -> Rating:
    """A row that is nobody's and cannot be stored."""
    result = basis.sum
    return Rating(
        score=result.points,
        grade=result.grade,
        level=result.level,
        level_at_least=result.level_at_least,
        exposure=result.exposure,
        cause=basis.cause or Cause.SUBMITTED,
        answered=bool(basis.facts.answers),
        result={**result.plain, "self_diagnosis": basis.self_diagnosis},
        inputs=basis.facts.plain,
        input_digest=basis.facts.digest,
        policy_key=policy.key,
        policy_version=policy.version,
        policy_digest=policy.digest,
        as_of=now,
        created_at=now,
    )


def stand(supplier: Supplier, basis: Basis, *, as_of: datetime) -> None:
    """Set the standing on the row. The caller writes it."""
    supplier.standing_level = basis.sum.level
    supplier.standing_grade = basis.sum.grade
    supplier.standing_score = basis.sum.points
    supplier.standing_as_of = as_of


def _store(supplier: Supplier, new: Basis, policy: Policy, *, now: datetime) -> tuple[Rating, bool]:
    earlier = [] if new.facts.answers else _answered(supplier, new.facts, policy)
    bases = [*earlier, new]
    stands = standing.chosen(bases) is new
    row = make(supplier, new, policy, stands=stands, now=now)
    row.save(force_insert=True)
    before = supplier.standing_level
    if stands:
        stand(supplier, new, as_of=now)
    owed = any(basis.cause for basis in earlier)
    supplier.rating_due_at = now if owed else standing.due_at(bases, policy)
    standing.write([supplier])
    return row, supplier.standing_level != before


def _answered(supplier: Supplier, facts: Facts, policy: Policy) -> list[Basis]:
    """What the last answers come to today, beside a certificate in place of new ones."""
    [bases] = standing.of([supplier], day=facts.as_of, policy=policy)
    return [basis for basis in bases if basis.facts.answers]
