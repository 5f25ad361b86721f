"""What a cross table can set against what: groups of suppliers, and what is asked of each group.

Every question is a yes or no of a supplier, with the condition under which it is put at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce

from assessments.analysing import proof
from assessments.analysing.portfolio import BANDS
from suppliers.models import INDUSTRIES, SizeClass

NOT_GIVEN: Final = "not_given"


@dataclass(frozen=True)
class Grouping:
    """Names of the groups, and the expression that gives a supplier's, on the day."""

    names: tuple[str, ...]
    of: Callable[[date], Any]


@dataclass(frozen=True)
class Question:
    """`asked` of whom, and `yes`. What depends on another question is asked of its yes only."""

    asked: Q
    yes: Q
    depends: bool = False  # on whether there was an incident


def _choice(groups: Mapping[str, Q]) -> Grouping:
    """Groups by conditions on the profile; whoever fits none has not given it."""
    cases = [When(condition, then=Value(group)) for group, condition in groups.items()]
    chosen = Case(*cases, default=Value(NOT_GIVEN), output_field=CharField())
    return Grouping((*groups, NOT_GIVEN), lambda _today: chosen)


def _said(**choices: Any) -> Q:
    """The profile holds these choices, of several chosen at least these."""
    return Q(profile__contains=choices)


def _held(scheme: str) -> Grouping:
    def of(today: date) -> Case:
        holds = When(proof.holds(scheme, today=today), then=Value("yes"))
        return Case(holds, default=Value("no"), output_field=CharField())

    return Grouping(("yes", "no"), of)


def _column(name: str, names: tuple[str, ...]) -> Grouping:
    return Grouping((*names, NOT_GIVEN), lambda _today: Coalesce(F(name), Value(NOT_GIVEN)))


AWARE: Final = ("leak", "stop", "supply")
EFFECTS: Final = (
    "data_lost", "personal_data_leak", "confidential_leak", "stop", "money", "other",
)  # fmt: skip
INCIDENT: Final = Question(asked=Q(profile__incident__in=["yes", "no"]), yes=_said(incident="yes"))
REQUEST_MET: Final = Question(  # `requesting.with_outcome` makes the column
    asked=Q(outcome__isnull=False), yes=Q(outcome=True)
)

ROWS: Final = {
    "score_band": Grouping(BANDS, lambda _today: F("band")),
    "isms": _held("isms"),
    "pmark": _held("pmark"),
    "person": _choice(
        {
            "named": Q(profile__security_person__in=["dedicated", "part_time"]),
            "nobody": _said(security_person="nobody"),
        },
    ),
    "risk_awareness": _choice(
        {
            "aware": Q(profile__business_risks__has_any_keys=AWARE),
            "not_aware": _said(business_risks=["none"]),
        },
    ),
    "education": _choice(
        {name: _said(education=name) for name in ("regular", "occasional", "none")}
    ),
    "size_class": _column("supplier__size_class", tuple(SizeClass.values)),
    "industry": _column("supplier__industry", tuple(letter for letter, _name in INDUSTRIES)),
}
COLUMNS: Final[Mapping[str, Mapping[str, Question]]] = {
    "incident": {"yes": INCIDENT},
    "effect": {
        effect: Question(
            asked=_said(incident="yes") & Q(profile__has_key="incident_effects"),
            yes=_said(incident_effects=[effect]),
            depends=True,
        )
        for effect in EFFECTS
    },
    "customers_affected": {
        "yes": Question(
            asked=_said(incident="yes") & Q(profile__incident_customers__in=["yes", "no"]),
            yes=_said(incident_customers="yes"),
            depends=True,
        ),
    },
    "request_met": {"yes": REQUEST_MET},
}
