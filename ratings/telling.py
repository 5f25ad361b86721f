"""What a reader is told of a rating beyond its row: how it stands today, and what to do next."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ratings import advising, guidance, policy, standing, stars
from ratings.advising import Action
from ratings.facts import Facts
from ratings.models import Rating
from ratings.standing import Basis
from ratings.stars import Star
from suppliers import days
from suppliers.models import Supplier

MOST = 10  # actions that are shown


@dataclass(frozen=True)
class Standing:
    """How a supplier stands today, whether or not a worker has been there since midnight.

    `rating` is the row that stands, `basis` what its facts come to today. Both None if never rated.
    """

    supplier: Supplier
    rating: Rating | None
    basis: Basis | None
    as_of: datetime | None


def stand(supplier: Supplier, *, now: datetime) -> Standing:
    [bases] = standing.of([supplier], day=days.in_japan(now), policy=policy.standard())
    row = whole(Rating.objects.filter(supplier=supplier, stands=True)).order_by("-pk").first()
    if not bases or row is None:
        return Standing(supplier, row, None, row.as_of if row else None)
    changed = any(basis.cause for basis in bases)
    return Standing(supplier, row, standing.chosen(bases), now if changed else row.as_of)


def whole(rows: QuerySet[Rating]) -> QuerySet[Rating]:
    """With what a rating shows of others; a submission's snapshot stays where it is."""
    related = rows.select_related("supplier", "submission__assessment")
    return related.defer("submission__content")


def actions(row: Rating) -> list[Action]:
    """The best of what could be done next by the policy of the rating. None once it is erased."""
    if row.erased:
        return []
    used = policy.named(row.policy_key, row.policy_version)
    return _best(Facts.from_plain(row.inputs), used)


def actions_today(basis: Basis) -> list[Action]:
    """As `actions`, by what is known today and the policy that holds."""
    return _best(basis.facts, policy.standard())


def security_action(facts: Facts) -> tuple[Star, Star]:
    return stars.eligibility(facts, guidance.standard().stars)


def _best(facts: Facts, used: policy.Policy) -> list[Action]:
    return advising.best(advising.advise(facts, used, guidance.standard()), MOST)
