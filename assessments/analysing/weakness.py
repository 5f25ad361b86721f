"""What suppliers do least: items that are not done, or of which they do not know.

Told of five firms and more, and of no group by which fewer could be singled out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, F, Func, SmallIntegerField

from assessments.analysing import selecting
from assessments.models import Tally
from contractors.models import Contractor, OwnedQuerySet
from ratings import policy, suppressing, survey
from ratings.suppressing import LEAST, Cell

WEAKEST: Final = 5  # items that are told of a group


class Unnest(Func):
    """A row for each element of an array."""

    function = "unnest"
    set_returning = True
    output_field = SmallIntegerField()


@dataclass(frozen=True)
class Class:
    """Suppliers of one industry and size that answered."""

    industry: str | None
    size_class: str | None
    n: int


@dataclass
class Group:
    """Some of them, and how many said so of each item."""

    n: int = 0
    not_done: Counter[int] = field(default_factory=Counter)
    unknown: Counter[int] = field(default_factory=Counter)


Named = Callable[[str | None, str | None], str | None]  # industry and size → name of the group


def classes(contractor: Contractor, wanted: Mapping[str, Any]) -> list[Class]:
    rows = _rows(contractor, wanted)
    found = rows.values_list("supplier__industry", "supplier__size_class").annotate(Count("pk"))
    return [Class(*row) for row in found.order_by()]


def told(
    contractor: Contractor, wanted: Mapping[str, Any], found: Sequence[Class]
) -> dict[str, Any]:
    """Of all, by industry and by size class; `found` are their classes."""
    rows = _rows(contractor, wanted)
    said = {"not_done": _said(rows, "not_done"), "unknown": _said(rows, "unknown")}
    everybody = _grouped(found, said, lambda _industry, _size: None)
    answered = sum(each.n for each in found)
    return {
        "all": _items(everybody[None]) if answered >= LEAST else None,
        "by_industry": _groups(_grouped(found, said, lambda industry, _size: industry)),
        "by_size_class": _groups(_grouped(found, said, lambda _industry, size: size)),
    }


def _rows(contractor: Contractor, wanted: Mapping[str, Any]) -> OwnedQuerySet[Tally]:
    return Tally.objects.of(contractor).filter(
        selecting.suppliers(contractor, wanted, of="supplier__")
    )


def _said(rows: OwnedQuerySet[Tally], name: str) -> list[tuple[int, str | None, str | None, int]]:
    """Item, industry, size class, and how many said it of the item."""
    each = rows.annotate(item=Unnest(F(name))).order_by()
    by = each.values_list("item", "supplier__industry", "supplier__size_class")
    return list(by.annotate(Count("pk")))


def _grouped(
    found: Iterable[Class], said: Mapping[str, Any], named: Named
) -> dict[str | None, Group]:
    groups: dict[str | None, Group] = {None: Group()}
    for each in found:
        groups.setdefault(named(each.industry, each.size_class), Group()).n += each.n
    for name, rows in said.items():
        for item, industry, size_class, n in rows:
            getattr(groups[named(industry, size_class)], name)[item] += n
    return groups


def _groups(groups: Mapping[str | None, Group]) -> list[dict[str, Any]]:
    """Each with its weakest items, or none where too few would be told of. The largest first."""
    kept = sorted(
        ((name, group) for name, group in groups.items() if group.n),
        key=lambda each: (-each[1].n, each[0] or ""),
    )
    untold = suppressing.groups([group.n for _name, group in kept])
    return [
        {
            "group": name,
            "n": group.n,
            "weakest": None if place in untold else _items(group)[:WEAKEST],
        }
        for place, (name, group) in enumerate(kept)
    ]


def _items(group: Group) -> list[dict[str, Any]]:
    """The weakest first; of equals the one with the lower number."""
    weak = group.not_done + group.unknown
    items = sorted(policy.standard().items, key=lambda item: (-weak[item.number], item.number))
    return [
        {
            "number": item.number,
            "topic": item.topic,
            "n": group.n,
            "not_done": group.not_done[item.number],
            "unknown": group.unknown[item.number],
            "percent": Cell(weak[item.number], group.n).percent,
            "survey": survey.ipa().of_item(item.number),
        }
        for item in items
    ]
