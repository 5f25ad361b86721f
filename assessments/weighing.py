"""Gathers what the warnings look at, in as many queries whatever was asked before."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Case, IntegerField, QuerySet, Value, When

from assessments import requirements as asking_for
from assessments import warning
from assessments.models import Assessment, Status
from assessments.warning import Facts, Peer, Warned
from contractors.models import Contractor
from suppliers import days
from suppliers.models import Applies, Certification, SizeClass, State, Supplier

LATELY: Final = timedelta(days=365)
COMPARED: Final = 100  # of the newest requests; a year's would cost more than it tells


def weigh(
    contractor: Contractor,
    supplier: Supplier,
    *,
    due_on: date,
    implement_by: date | None,
    requirements: dict[str, Any],
    now: datetime,
) -> list[Warned]:
    """The warnings of a request that is about to be made, in three queries."""
    today = days.in_japan(now)
    facts = Facts(
        today=today,
        due_on=due_on,
        implement_by=implement_by,
        requirements=requirements,
        small=supplier.size_class == SizeClass.SMALL,
        star=supplier.suggested_scs_star(),
        exposure=_exposure(supplier),
        law=Applies.APPLIES in (supplier.toriteki, supplier.freelance_act),
        asked_lately=_asked_lately(supplier, now=now),
        covered=_covered(supplier, requirements, day=today),
        peers=_peers(contractor, supplier, now=now),
    )
    return warning.warn(facts)


def _exposure(supplier: Supplier) -> int | None:
    conditions = [getattr(supplier, f"exposure_{name}") for name in Supplier.EXPOSURE]
    return None if None in conditions else sum(conditions)


def _asked_lately(supplier: Supplier, *, now: datetime) -> bool:
    asked = Assessment.objects.filter(supplier=supplier, invited_at__gt=now - LATELY)
    return asked.exclude(status=Status.CANCELLED).exists()


def _covered(supplier: Supplier, requirements: dict[str, Any], *, day: date) -> bool:
    return covering(requirements, day=day).filter(supplier=supplier).exists()


def covering(requirements: Mapping[str, Any], *, day: date) -> QuerySet[Certification]:
    """Verified certificates whose scope covers the trade and that can stand in for answers."""
    named = [row["scheme"] for row in requirements.get("equivalents") or []]
    rows = Certification.objects.held(day).filter(scheme__in={*named, *asking_for.REPLACING})
    return rows.filter(state=State.VERIFIED, scope_covers=Certification.ScopeCovers.YES)


def _peers(contractor: Contractor, supplier: Supplier, *, now: datetime) -> tuple[Peer, ...]:
    """Other suppliers among the newest requests, each once, as it was asked last."""
    newest = Assessment.objects.of(contractor).order_by("-id")
    parts = [one_if(f"supplier__exposure_{name}") for name in Supplier.EXPOSURE]
    rows = newest.annotate(exposure=sum(parts[1:], parts[0])).values_list(
        "supplier_id", "invited_at", "status", "exposure", "requirements"
    )
    found: dict[int, Peer] = {}
    for supplier_id, invited_at, status, exposure, requirements in rows[:COMPARED]:
        counts = invited_at and invited_at > now - LATELY and status != Status.CANCELLED
        if counts and exposure is not None and supplier_id != supplier.pk:
            found.setdefault(supplier_id, Peer(exposure, warning.level(requirements)))
    return tuple(found.values())


def one_if(field: str) -> Case:
    """1 or 0; where nobody answered it is nothing, and so is every sum with it."""
    return Case(
        When(**{field: True}, then=Value(1)),
        When(**{field: False}, then=Value(0)),
        output_field=IntegerField(),
    )
