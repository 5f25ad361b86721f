"""Whether what the newest answered request asked for holds today: score, grade, certificates.

Only what a request states is looked at. Where equivalents are fine, a missing certificate alone
decides nothing, and the supplier is left out.
"""

from datetime import date
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from assessments.models import Tally
from suppliers.models import Certification

REQUIREMENTS: Final = "submission__assessment__requirements"
STRONGER: Final = {"scs_4": "scs_3", "security_action_2": "security_action_1"}  # includes the other


class Required(Func):
    """The schemes that a request calls required, as a JSON array."""

    template = (
        "jsonb_path_query_array(%(expressions)s,"
        " '$.required_certifications[*] ? (@.necessity == \"required\").scheme')"
    )
    output_field = JSONField()


class Joined(Func):
    """Two JSON arrays as one."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = JSONField()


def with_outcome(rows: QuerySet[Tally], *, today: date) -> QuerySet[Tally]:
    """Tallies with `outcome`: true, false, or null where the request states or decides nothing."""
    target = KeyTransform("target", REQUIREMENTS)
    own = rows.filter(
        submission__contractor=F("contractor"), submission__assessment__contractor=F("contractor")
    )
    wanted = own.annotate(
        wanted_score=Cast(KeyTextTransform("score", target), IntegerField()),
        wanted_grade=Cast(KeyTextTransform("grade", target), CharField()),
        wanted_schemes=Required(F(REQUIREMENTS)),
        held_schemes=_held(today),
    )
    return wanted.annotate(outcome=_outcome())


def _outcome() -> Case:
    """In this order, so that certificates are looked up only where they decide."""
    no_target = Q(wanted_score__isnull=True, wanted_grade__isnull=True)
    nothing = Q(wanted_schemes=[])
    missed = Q(total__lt=F("wanted_score")) | Q(supplier__standing_grade__gt=F("wanted_grade"))
    return Case(
        When(no_target & nothing, then=None),
        When(missed, then=False),
        When(nothing, then=True),
        When(wanted_schemes__contained_by=F("held_schemes"), then=True),
        When(**{f"{REQUIREMENTS}__contains": {"alternatives_accepted": True}}, then=None),
        default=False,
        output_field=BooleanField(null=True),
    )


def _held(today: date) -> Joined:
    """What the supplier holds today, and what that includes."""
    held = Certification.objects.filter(supplier=OuterRef("supplier")).held(today).order_by()
    cases: list[Any] = [When(scheme=one, then=Value(other)) for one, other in STRONGER.items()]
    included = Case(*cases, output_field=CharField())
    return Joined(
        _array(held.values("scheme")),
        _array(held.filter(scheme__in=STRONGER).annotate(included=included).values("included")),
    )


def _array(values: QuerySet[Any, Any]) -> Func:
    return Func(ArraySubquery(values), function="to_jsonb", output_field=JSONField())
