"""One supplier's own answers beside the survey's figures, and beside the contractor's others.

A figure stands beside an answer where the survey has one for it, and nothing is invented where it
has none. Nobody is compared with a class of fewer than ten, or with fewer than a hundred others.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Func, SmallIntegerField

from assessments import telling
from assessments.analysing import selecting
from assessments.models import Submission, Tally
from contractors.actors import Actor
from contractors.models import OwnedQuerySet
from ratings import survey
from ratings.suppressing import Cell
from suppliers.models import Supplier

WHOLE: Final = (
    "submission__rating", "submission__assessment__supplier__contractor",
    "submission__assessment__profile_questionnaire",
)  # fmt: skip
BEGUN: Final = frozenset({"done", "partly"})


@dataclass
class Peers:
    """Other suppliers of the contractor: how many, and how many have not begun each item."""

    n: int = 0
    weak: Counter[int] = field(default_factory=Counter)

    def begun(self, item: int) -> Cell:
        return Cell(self.n - self.weak[item], self.n)


class Weak(Func):
    """A row for each item that is not done or not known."""

    template = "unnest(array_cat(%(expressions)s))"
    set_returning = True
    output_field = SmallIntegerField()


def newest(supplier: Supplier) -> Submission | None:
    """The self-diagnosis that the supplier handed in last."""
    tally = Tally.objects.filter(supplier=supplier).select_related(*WHOLE).first()
    return tally.submission if tally else None


def beside(submission: Submission, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """As the API tells it; that the answers were read is written down."""
    supplier = submission.assessment.supplier
    answers = telling.read_answers(submission, actor=actor, now=now)["answers"]
    own, others = _peers(supplier)
    class_enough, others_enough = survey.comparable(own.n, others.n)
    peers = {
        "own_class": own if class_enough else None,
        "others": others if others_enough else None,
    }
    return {
        "supplier": supplier.public_id,
        "assessment": submission.assessment.public_id,
        "submission": submission.public_id,
        "size_class": supplier.size_class,
        "band": _band(submission, supplier),
        "items": [_item(answer, peers) for answer in answers],
    }


def _band(submission: Submission, supplier: Supplier) -> dict[str, Any] | None:
    diagnosis = submission.rating and submission.rating.result["self_diagnosis"]
    if not diagnosis:
        return None
    figure = survey.ipa().of_band(diagnosis["band"], supplier.size_class)
    return {"band": diagnosis["band"], "total": diagnosis["total"], "survey": figure}


def _item(answer: Mapping[str, Any], peers: Mapping[str, Peers | None]) -> dict[str, Any]:
    number = answer["number"]
    return {
        "number": number,
        "value": answer["value"],
        "begun": answer["value"] in BEGUN,
        "survey": survey.ipa().of_item(number),
        **{name: group and group.begun(number) for name, group in peers.items()},
    }


def _peers(supplier: Supplier) -> tuple[Peers, Peers]:
    """Those of the supplier's own size class, and all others. Without a class there are no own."""
    active = selecting.suppliers(supplier.contractor, {}, of="supplier__")
    rows = Tally.objects.of(supplier.contractor).filter(active)
    rows = rows.exclude(supplier=supplier).order_by()
    own, others = Peers(), Peers()
    for size_class, n in _sizes(rows):
        (own if _same(size_class, supplier) else others).n += n
    weak = rows.annotate(item=Weak(F("not_done"), F("unknown")))
    by_item = weak.values_list("item", "supplier__size_class").annotate(Count("pk"))
    for item, size_class, n in by_item:
        (own if _same(size_class, supplier) else others).weak[item] += n
    return own, others


def _sizes(rows: OwnedQuerySet[Tally]) -> Any:
    return rows.values_list("supplier__size_class").annotate(Count("pk"))


def _same(size_class: str | None, supplier: Supplier) -> bool:
    return supplier.size_class is not None and size_class == supplier.size_class
