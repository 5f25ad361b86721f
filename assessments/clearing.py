"""Reads what a clearance looks at: one query, and one for certificates where some are required."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from assessments import clearance
from assessments.clearance import Certificate, Clearance, Known, Span
from assessments.models import OPEN, Assessment, Consultation, Hold, Status
from contractors.models import Contractor
from contractors.prepared import Prepared
from ratings import judging, policy
from ratings.models import Rating
from ratings.proving import COUNTED
from suppliers.models import Certification, Contact, Supplier

UNREACHED: Final = (Contact.Status.BOUNCED, Contact.Status.OPTED_OUT)
ERASED: Final = date.min  # answers that were erased are stale since ever
EXCUSES: Final = (  # while one of these holds, a request that is past its day is not overdue
    Q(contact__status__in=UNREACHED),
    Q(Exists(Consultation.objects.pausing().filter(assessment=OuterRef("pk")))),
)
STANDING: Final = ("standing_level", "standing_grade", "standing_as_of")
EXPOSURE: Final = tuple(f"exposure_{name}" for name in Supplier.EXPOSURE)
ANNOTATED: Final = ("asked", "waiting", "due_ons", "required", "spans", "last_rating")


@dataclass(frozen=True)
class Told:
    """A clearance with the standing it rests on. `policy`: key, version and digest."""

    clearance: Clearance
    grade: str | None
    as_of: datetime | None
    policy: Mapping[str, str]


def find(contractor: Contractor, supplier: UUID, *, day: date) -> Told | None:
    """What holds of this supplier on this day in Japan; None where the contractor has no such."""
    rows = KNOWN.rows(contractor=contractor.pk, supplier=supplier, day=day)
    return _clear(SimpleNamespace(**rows[0]), day=day) if rows else None


def _known(*, contractor: int, supplier: UUID, day: date) -> QuerySet[Any, Any]:
    """A request that was taken back asks nothing any more."""
    own = OuterRef("pk")
    asked = Assessment.objects.filter(supplier=own).exclude(
        status__in=[Status.DRAFT, Status.CANCELLED]
    )
    waiting = expected = asked.filter(status__in=OPEN)
    for excuse in EXCUSES:
        expected = expected.exclude(excuse)
    newest = asked.order_by("-pk").values("requirements__required_certifications")
    holds = Hold.objects.filter(supplier=own).not_over(day)
    rows = Supplier.objects.filter(contractor=contractor, public_id=supplier)
    known: QuerySet[Any, Any] = rows.annotate(
        asked=Exists(asked),
        waiting=Exists(waiting),
        due_ons=ArraySubquery(expected.order_by("due_on").values("due_on").distinct()),
        required=Subquery(newest[:1]),
        spans=ArraySubquery(holds.values(span=JSONObject(from_on="from_on", until_on="until_on"))),
        last_rating=Subquery(_newest_rating(own)),
    ).values("pk", *STANDING, *EXPOSURE, *ANNOTATED)
    return known


KNOWN: Final = Prepared(_known, contractor=int, supplier=UUID, day=date)


def _clear(supplier: Any, *, day: date) -> Told:
    required = _required(supplier)
    rating = supplier.last_rating
    known = Known(
        level=supplier.standing_level or None,
        fresh_until=_fresh_until(rating) if rating else None,
        exposure_complete=None not in [getattr(supplier, name) for name in EXPOSURE],
        asked=supplier.asked,
        waiting=supplier.waiting,
        due_ons=tuple(supplier.due_ons),
        required=required,
        certificates=_certificates(supplier.pk, day=day) if required else (),
        holds=tuple(_span(each) for each in supplier.spans),
    )
    return Told(
        clearance.judge(known, day),
        supplier.standing_grade or None,
        supplier.standing_as_of,
        rating["policy"] if rating else _standard(),
    )


def _newest_rating(own: OuterRef) -> QuerySet[Rating, Any]:
    under = JSONObject(key="policy_key", version="policy_version", digest="policy_digest")
    told = JSONObject(answered_on="inputs__answered_on", policy=under)
    return Rating.objects.filter(supplier=own).order_by("-pk").values(told=told)[:1]


def _required(supplier: Any) -> tuple[str, ...]:
    asked = [each["scheme"] for each in supplier.required or () if each["necessity"] == "required"]
    return tuple(dict.fromkeys(asked))


def _certificates(supplier: int, *, day: date) -> tuple[Certificate, ...]:
    """Those that count on this day: what lapsed, was rejected or taken back does not."""
    rows = Certification.objects.filter(supplier=supplier).living()
    counted = (row for row in rows if row.status_on(day) in COUNTED)
    return tuple(Certificate(row.scheme, row.last_day()) for row in counted)


def _fresh_until(rating: Mapping[str, Any]) -> date:
    if rating["answered_on"] is None:
        return ERASED
    answered_on = date.fromisoformat(rating["answered_on"])
    return judging.months_after(answered_on, policy.standard().confidence.stale_months)


def _span(hold: Mapping[str, str]) -> Span:
    return Span(date.fromisoformat(hold["from_on"]), date.fromisoformat(hold["until_on"]))


def _standard() -> dict[str, str]:
    standard = policy.standard()
    return {"key": standard.key, "version": standard.version, "digest": standard.digest}
