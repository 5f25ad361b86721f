"""What if: the rating that other answers or better proof would give. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from ratings import diagnosing, holding, policy, rating, standing, summing
from ratings.facts import Certification, Exposure, Facts
from ratings.models import Rating
from ratings.policy import Policy
from ratings.standing import Basis
from suppliers import days
from suppliers.models import Supplier

CONDITIONS: Final = 3  # of exposure


class Incomplete(ValueError):
    """Answers are rated together or not at all. Carries the items without one."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers
        super().__init__(f"These items have no answer: {', '.join(map(str, numbers))}.")


@dataclass(frozen=True)
class Change:
    """What would be otherwise; None stays as it is. Certifications are replaced as a whole."""

    answers: Mapping[int, str] = field(default_factory=dict)
    person: bool | None = None
    certifications: tuple[Certification, ...] | None = None
    handles_personal_data: bool | None = None
    exposure: int | None = None  # how many of the three conditions hold


def suppose(supplier: Supplier | None, change: Change, *, now: datetime) -> Rating:
    """The rating as it would be stored now, on the facts of the supplier or on none.

    Who changes an answer answers today; otherwise the answers keep their day. Refuses answers that
    have gaps with `Incomplete`.
    """
    today, standard = days.in_japan(now), policy.standard()
    facts = _changed(_known(supplier, change, standard, today), change)
    if facts.answers and (gaps := {item.number for item in standard.items} - set(facts.answers)):
        raise Incomplete(sorted(gaps))
    diagnosed = diagnosing.diagnose(diagnosing.asked(), facts.answers)
    basis = Basis(facts, summing.add_up(facts, standard), diagnosed, None)
    if supplier is None:
        return rating.sketch(basis, standard, now=now)
    return rating.make(supplier, basis, standard, stands=False, now=now)


def _known(supplier: Supplier | None, change: Change, standard: Policy, today: date) -> Facts:
    """The facts to begin with: of what stands, or of the answers where one of them is changed."""
    if supplier is None:
        return Facts(None, False, False, (None, None, None), today, today)
    [bases] = standing.of([supplier], day=today, policy=standard)
    if bases:
        return bases[0].facts if change.answers else standing.chosen(bases).facts
    return Facts(
        answers=None,
        person=False,
        handles_personal_data=supplier.handles_personal_data,
        exposure=standing.exposure(supplier),
        answered_on=today,
        as_of=today,
        certifications=holding.held([supplier], day=today)[supplier.pk],
    )


def _changed(facts: Facts, change: Change) -> Facts:
    if change.answers:
        answers = {**(facts.answers or {}), **change.answers}
        facts = replace(facts, answers=answers, answered_on=facts.as_of)
    if change.exposure is not None:
        facts = replace(facts, exposure=_exposure(change.exposure))
    given = {
        "person": change.person,
        "certifications": change.certifications,
        "handles_personal_data": change.handles_personal_data,
    }
    return replace(facts, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # each has the field's type


def _exposure(count: int) -> Exposure:
    first, second, third = (condition < count for condition in range(CONDITIONS))
    return first, second, third
