"""Groups of own suppliers against what happened to them: an association, never a cause.

Counts of few suppliers are withheld with all that would give them away, and no filter is taken: the
difference of two filters could be one supplier.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from assessments.analysing import requesting, selecting
from assessments.analysing.measuring import COLUMNS, INCIDENT, ROWS, Question
from assessments.models import Tally
from contractors.models import Contractor
from contractors.prepared import Prepared
from ratings import suppressing, survey
from ratings.policy import Text
from ratings.suppressing import LEAST, Cell, Withheld
from ratings.survey import ABOVE_SMALL

NOTE: Final = Text(
    ja="関連を示す表です。原因を示すものではありません。",
    en="This table shows an association, never a cause.",
)
Counts = Mapping[str, Mapping[str, int]]  # by the group, by what is counted
FOUND: Final = "incident"  # is counted for every table, since others depend on it
BESIDE: Final[Mapping[tuple[str, str], Mapping[tuple[str | None, str], str]]] = {
    ("score_band", "incident"): {
        ("100", "yes"): "damage_reported_band_100",
        ("70-99", "yes"): "damage_reported_band_70_99",
        ("50-69", "yes"): "damage_reported_band_50_69",
        ("49-", "yes"): "damage_reported_band_49",
    },
    ("score_band", "request_met"): {
        ("100", "yes"): "request_acted_band_100",
        ("70-99", "yes"): "request_acted_band_70_99",
        ("50-69", "yes"): "request_acted_band_50_69",
        ("49-", "yes"): "request_acted_band_49",
        (None, "yes"): "request_acted_all",
    },
    ("size_class", "incident"): {("small", "yes"): "damage_reported_small"},
    ("isms", "request_met"): {("yes", "yes"): "request_acted_isms_ratio"},
    ("pmark", "request_met"): {("yes", "yes"): "request_acted_pmark_ratio"},
}
BESIDE_ALL: Final = {  # whatever the rows are
    "effect": {
        "data_lost": "impact_data_destroyed",
        "personal_data_leak": "impact_personal_data_leak",
    },
    "customers_affected": {"yes": "customers_affected"},
}


@dataclass(frozen=True)
class Column:
    """A cell for each group, in their order, and what of it is not shown."""

    code: str
    cells: Sequence[Cell]
    withheld: Withheld

    def told(self, place: int) -> dict[str, Any]:
        return self._told(self.cells[place], hidden=place in self.withheld.places)

    def total(self) -> dict[str, Any]:
        return self._told(suppressing.total(self.cells), hidden=self.withheld.total)

    def _told(self, cell: Cell, *, hidden: bool) -> dict[str, Any]:
        """Without its base, too: how many had an incident would tell what another table hides."""
        shown = None if hidden else cell
        return {
            "column": self.code,
            "n": shown and shown.n,
            "of": shown and shown.of,
            "percent": shown and shown.percent,
            "suppressed": hidden,
        }


def crosstab(contractor: Contractor, *, rows: str, columns: str, today: date) -> dict[str, Any]:
    """As the API tells it; `rows` and `columns` are names of `ROWS` and `COLUMNS`."""
    questions = COLUMNS[columns]
    counts = _counted(contractor, rows, columns, today=today)
    names = [name for name in ROWS[rows].names if name in counts]
    shown = _columns(questions, [counts[name] for name in names])
    above_small = not any(row["outside"] for row in counts.values())
    return {
        "rows": rows,
        "columns": columns,
        "as_of": today,
        "suppliers": sum(row["suppliers"] for row in counts.values()),
        "note": NOTE,
        "least": LEAST,
        "results": [
            {"row": name, "cells": [column.told(place) for column in shown]}
            for place, name in enumerate(names)
        ],
        "total": [column.total() for column in shown],
        "survey": list(_beside(rows, columns, above_small=above_small)),
    }


def _counted(contractor: Contractor, rows: str, columns: str, *, today: date) -> Counts:
    found = _prepared(rows, columns).rows(contractor=contractor.pk, today=today)
    return {group["row"]: group for group in found}


@cache
def _prepared(rows: str, columns: str) -> Prepared:
    return Prepared(partial(_groups, rows, columns), contractor=int, today=date)


def _groups(rows: str, columns: str, *, contractor: int, today: date) -> QuerySet[Any, Any]:
    """One statement: a row for each group that somebody is in."""
    own = selecting.suppliers(contractor, {}, of="supplier__")
    tallies: QuerySet[Tally] = Tally.objects.filter(own, contractor=contractor)
    if columns == "request_met":
        tallies = requesting.with_outcome(tallies, today=today)
    counts = {
        "suppliers": Count("pk"),
        "outside": Count("pk", filter=~Q(supplier__size_class__in=ABOVE_SMALL)),
    }
    for code, question in {**COLUMNS[columns], FOUND: INCIDENT}.items():
        counts[f"of_{code}"] = Count("pk", filter=question.asked)
        counts[f"yes_{code}"] = Count("pk", filter=question.asked & question.yes)
    groups = tallies.order_by().annotate(row=ROWS[rows].of(today)).values("row")
    return groups.annotate(**counts)


def _columns(
    questions: Mapping[str, Question], groups: Sequence[Mapping[str, int]]
) -> list[Column]:
    found = _withhold(_cells(FOUND, groups))
    return [
        Column(
            code,
            cells := _cells(code, groups),
            _withhold(cells, found if question.depends else None),
        )
        for code, question in questions.items()
    ]


def _cells(code: str, groups: Sequence[Mapping[str, int]]) -> list[Cell]:
    return [Cell(group[f"yes_{code}"], group[f"of_{code}"]) for group in groups]


def _withhold(cells: Sequence[Cell], before: Withheld | None = None) -> Withheld:
    """Groups in which nobody was asked look like those that are withheld.

    `before`: what is withheld of the question this one depends on.
    """
    asked = [place for place, cell in enumerate(cells) if cell.of]
    also = before.places if before else frozenset()
    found = suppressing.withhold(
        [cells[place] for place in asked],
        {number for number, place in enumerate(asked) if place in also},
    )
    shown = {place for number, place in enumerate(asked) if number not in found.places}
    total = found.total or bool(before and before.total)
    places = range(len(cells)) if total else set(range(len(cells))) - shown
    return Withheld(frozenset(places), total=total)


def _beside(rows: str, columns: str, *, above_small: bool) -> Iterator[dict[str, Any]]:
    """Figures of the survey for cells of this table, or for its total where the row is null."""
    keys = dict(BESIDE.get((rows, columns), {}))
    keys |= {(None, column): key for column, key in BESIDE_ALL.get(columns, {}).items()}
    for (row, column), key in keys.items():
        figure = survey.ipa().figure(key)
        if above_small or not figure.warns("sme_only"):
            yield {"row": row, "column": column, "figure": figure}
