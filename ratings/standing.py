"""What a supplier's standing rests on: its answers, or a certificate accepted in their place.

The newest that holds stands. A certificate alone never replaces answers that come to more and still
hold; both are summed anew each time, so that the other stands once one of them holds no more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from ratings import holding, judging, summing
from ratings.facts import Certification, Exposure, Facts
from ratings.models import Cause, Rating
from ratings.policy import Policy
from ratings.summing import Sum
from suppliers import days
from suppliers.models import Supplier

COLUMNS = (
    "rating_due_at", "standing_level", "standing_grade", "standing_score", "standing_as_of",
)  # fmt: skip


@dataclass(frozen=True)
class Basis:
    """Facts of a day and their sum. `cause` says why they differ from the rating before, if so.

    `self_diagnosis` is IPA's own arithmetic as it is told; None without answers.
    """

    facts: Facts
    sum: Sum
    self_diagnosis: Mapping[str, Any] | None
    cause: Cause | None

    @property
    def holds(self) -> bool:
        return self.sum.level != judging.UNKNOWN


def exposure(supplier: Supplier) -> Exposure:
    return (
        supplier.exposure_confidential_information,
        supplier.exposure_business_continuity,
        supplier.exposure_system_access,
    )


def of(suppliers: Collection[Supplier], *, day: date, policy: Policy) -> Iterator[list[Basis]]:
    """In their order what each standing rests on that day: answers, then a certificate alone.

    Empty for who was never rated. Two queries for any number, which are over when this returns;
    the sums are made as they are asked for.
    """
    held = holding.held(suppliers, day=day)
    last: dict[int, list[Rating]] = defaultdict(list)
    for row in Rating.objects.newest(suppliers):
        last[row.supplier_id].append(row)
    return (
        [
            _today(supplier, row, held[supplier.pk], day=day, policy=policy)
            for row in _living(last[supplier.pk])
        ]
        for supplier in suppliers
    )


def chosen(bases: Sequence[Basis]) -> Basis:
    """The one that stands, of bases in the order of `of`."""
    earlier, newest = bases[0], bases[-1]
    if newest.facts.answers or newest is earlier:
        return newest
    better = earlier.holds and earlier.sum.score > newest.sum.score
    return newest if newest.holds and not better else earlier


def due_at(bases: Sequence[Basis], policy: Policy) -> datetime | None:
    """The next moment at which a day alone changes a result. A later change is due at once."""
    found = (judging.next_day(basis.facts, policy) for basis in bases)
    return min((days.begins_at(day) for day in found if day), default=None)


def write(suppliers: Collection[Supplier]) -> None:
    """Keep the standings and what is due of suppliers whose rows the caller holds."""
    kept = [[getattr(each, name) for each in suppliers] for name in ("pk", *COLUMNS)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE suppliers_supplier AS supplier SET (rating_due_at, standing_level,"
            " standing_grade, standing_score, standing_as_of) ="
            " (new.due_at, new.level, new.grade, new.score, new.as_of)"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::numeric[],"
            " %s::timestamptz[]) AS new (id, due_at, level, grade, score, as_of)"
            " WHERE supplier.id = new.id",
            kept,
        )


def _living(ratings: Collection[Rating]) -> list[Rating]:
    """Of a supplier's newest ratings those that count: answers end a certificate before them."""
    rows = sorted((row for row in ratings if not row.erased), key=lambda row: row.pk)
    return rows[-1:] if rows and rows[-1].answered else rows


def _today(
    supplier: Supplier,
    last: Rating,
    certifications: tuple[Certification, ...],
    *,
    day: date,
    policy: Policy,
) -> Basis:
    """What the facts of the last rating have become by this day."""
    before = Facts.from_plain(last.inputs)
    facts = replace(
        before,
        handles_personal_data=supplier.handles_personal_data,
        exposure=exposure(supplier),
        certifications=certifications,
        as_of=day,
    )
    diagnosed = last.diagnosed  # type: ignore[attr-defined]  # annotated by newest
    cause = _cause(last, before, facts, policy)
    return Basis(facts, summing.add_up(facts, policy), diagnosed, cause)


def _cause(last: Rating, before: Facts, facts: Facts, policy: Policy) -> Cause | None:
    if last.policy_digest != policy.digest:
        return Cause.POLICY
    if set(before.certifications) != set(facts.certifications):
        return Cause.LAPSE if _only_lapsed(before, facts) else Cause.CERTIFICATE
    if (before.exposure, before.handles_personal_data) != (
        facts.exposure,
        facts.handles_personal_data,
    ):
        return Cause.EXPOSURE
    aged = any(
        judge(before, policy) != judge(facts, policy) for judge in (judging.fresh, judging.stale)
    )
    return Cause.STALE if aged else None


def _only_lapsed(before: Facts, facts: Facts) -> bool:
    held = {one.reference: one for one in before.certifications}
    now = {one.reference: one for one in facts.certifications}
    return held.keys() == now.keys() and all(
        one in (held[reference], replace(held[reference], status="expired"))
        for reference, one in now.items()
    )
