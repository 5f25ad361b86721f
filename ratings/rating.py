"""Work inside the act that calls it: a snapshot of answers becomes a rating and a standing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from questionnaires.scoring import Score
from ratings import holding, policy, summing
from ratings.facts import Exposure, Facts
from ratings.models import Rating
from ratings.policy import Policy
from ratings.summing import Sum
from suppliers import days
from suppliers.models import Supplier


def rate(
    supplier: Supplier,
    *,
    answers: Mapping[int, str],
    person: bool,
    self_diagnosis: Score,
    incident_open: bool,
    now: datetime,
) -> tuple[Rating, bool]:
    """Store the rating and the standing it gives. Also says whether the level changed.

    The caller holds the lock on the supplier's row, and reads the old level before, if it tells it.
    """
    today = days.in_japan(now)
    facts = Facts(
        answers=answers,
        person=person,
        handles_personal_data=supplier.handles_personal_data,
        exposure=exposure(supplier),
        answered_on=today,
        as_of=today,
        certifications=holding.held(supplier, day=today),
        incident_open=incident_open,
    )
    return store(supplier, facts, self_diagnosis=_plain(self_diagnosis), now=now)


def store(
    supplier: Supplier, facts: Facts, *, self_diagnosis: Mapping[str, Any], now: datetime
) -> tuple[Rating, bool]:
    """Sum, keep and stand; also says whether the level changed. The caller holds the supplier."""
    standard = policy.standard()
    row = _row(facts, summing.add_up(facts, standard), standard)
    row.contractor_id, row.supplier = supplier.contractor_id, supplier
    row.result["self_diagnosis"] = dict(self_diagnosis)
    row.as_of = row.created_at = now
    row.save(force_insert=True)
    return row, _stand(supplier, row)


def exposure(supplier: Supplier) -> Exposure:
    return (
        supplier.exposure_confidential_information,
        supplier.exposure_business_continuity,
        supplier.exposure_system_access,
    )


def _row(facts: Facts, result: Sum, policy: Policy) -> Rating:
    return Rating(
        score=result.points,
        grade=result.grade,
        level=result.level,
        level_at_least=result.level_at_least,
        exposure=result.exposure,
        result=result.plain,
        inputs=facts.plain,
        input_digest=facts.digest,
        policy_key=policy.key,
        policy_version=policy.version,
        policy_digest=policy.digest,
    )


def _plain(score: Score) -> dict[str, Any]:
    return {
        "total": score.total,
        "band": score.band,
        "parts": {number: part.points for number, part in score.parts.items()},
        "unknowns": list(score.unknowns),
    }


def _stand(supplier: Supplier, rating: Rating) -> bool:
    changed = supplier.standing_level != rating.level
    supplier.standing_level = rating.level
    supplier.standing_grade = rating.grade
    supplier.standing_score = rating.score
    supplier.standing_as_of = rating.as_of
    supplier.save(
        update_fields=["standing_level", "standing_grade", "standing_score", "standing_as_of"]
    )
    return changed
