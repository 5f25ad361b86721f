"""Certificates and declarations as they stand today in Japan: how many suppliers have which."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from assessments.analysing import selecting
from contractors.models import Contractor
from suppliers.certificates import Scheme
from suppliers.models import HELD, Certification, Status


def holds(scheme: str, *, today: date) -> Exists:
    """Whether the supplier of a tally has one that is valid today, checked or not."""
    rows = Certification.objects.filter(
        contractor=OuterRef("contractor"), supplier=OuterRef("supplier"), scheme=scheme
    )
    return Exists(rows.held(today))


def held(contractor: Contractor, wanted: Mapping[str, Any], *, today: date) -> list[dict[str, Any]]:
    """Of every scheme: suppliers that hold one today, and how many have one in each status."""
    rows = Certification.objects.of(contractor).filter(
        selecting.suppliers(contractor, wanted, of="supplier__")
    )
    counts = {status: _suppliers(Q(status=status)) for status in Status.values}
    by_scheme = rows.as_of(today).order_by().values("scheme")
    found = by_scheme.annotate(held=_suppliers(Q(status__in=HELD)), **counts)
    known = {row["scheme"]: row for row in found}
    nobody = dict.fromkeys(("held", *Status.values), 0)
    return [{"scheme": scheme.value} | known.get(scheme.value, nobody) for scheme in Scheme]


def _suppliers(condition: Q) -> Count:
    return Count("supplier", filter=condition, distinct=True)
