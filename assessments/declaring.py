"""The supplier says on its own page which certifications it holds.

Whatever door it comes through, `suppliers.certifying` keeps it; here stands what the request adds:
it must take answers, the contact acts, and pressing twice names nothing twice.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import answering
from assessments.errors import Stale
from assessments.models import Assessment
from suppliers import certificates, certifying
from suppliers.certificates import Scheme
from suppliers.evidence import keeping
from suppliers.locking import lock_certification
from suppliers.models import Certification, Evidence, State
from suppliers.writing import By

SUPPLIER = Certification.Source.SUPPLIER
TOLD = ("number", "body", "scope", "edition", "accreditation", "valid_until", "note")


@dataclass(frozen=True)
class Chosen:
    """A choice on the page, and the one that was stored when the page was loaded."""

    value: str
    before: str = ""


@dataclass(frozen=True)
class Paper:
    """What a supplier types of one certificate; `fields` are some of TOLD."""

    fields: Mapping[str, Any]
    evidence: Collection[UUID] = field(default_factory=tuple)


@transaction.atomic
def choose(
    assessment: Assessment, chosen: Mapping[str, Chosen], *, now: datetime
) -> dict[str, str]:
    """Keep what was chosen by group; returns what is stored instead where somebody else chose."""
    assessment = answering.lock_open(assessment)
    stored = assessment.holdings
    stale = {
        group: stored[group]
        for group, each in chosen.items()
        if group in stored and stored[group] not in {each.before, each.value}
    }
    kept = {group: each.value for group, each in chosen.items() if group not in stale}
    if kept and kept.items() - stored.items():
        _put(assessment, stored | kept)
        answering.start(assessment, now=now)
    return stale


@transaction.atomic
def declare(
    assessment: Assessment,
    scheme: Scheme,
    paper: Paper,
    *,
    follows: Certification | None = None,
    now: datetime,
) -> Certification:
    """A new certification, or the renewal of one. The same once more gives back the first."""
    assessment = answering.lock_open(assessment)
    if known := _known(assessment, scheme, paper.fields):
        return known
    shown = _evidence(assessment, paper.evidence)
    by = By(assessment.supplier_actor(), now)
    if follows:
        made = certifying.renew(follows, paper.fields, evidence=shown, source=SUPPLIER, by=by)
    else:
        supplier = assessment.supplier
        made = certifying.declare(
            supplier, scheme, paper.fields, evidence=shown, source=SUPPLIER, by=by
        )
    answering.start(assessment, now=now)
    return made


@transaction.atomic
def change(
    assessment: Assessment,
    certification: Certification,
    paper: Paper,
    *,
    version: str,
    now: datetime,
) -> None:
    """Raises `Stale` when it was changed or checked since the page was loaded."""
    assessment = answering.lock_open(assessment)
    row = lock_certification(certification)
    if version_of(row) != version or row.state != State.DECLARED:
        raise Stale(_("Somebody else changed this page meanwhile. Compare and save again."))
    shown = _evidence(assessment, paper.evidence)
    by = By(assessment.supplier_actor(), now)
    certifying.change(row, paper.fields, evidence=shown, by=by)


@transaction.atomic
def reconfirm(assessment: Assessment, certification: Certification, *, now: datetime) -> None:
    assessment = answering.lock_open(assessment)
    certifying.reconfirm(certification, by=By(assessment.supplier_actor(), now))


@transaction.atomic
def withdraw(
    assessment: Assessment, certification: Certification, *, group: str, now: datetime
) -> None:
    """Take it back; its group is then asked again. Twice is the same as once."""
    assessment = answering.lock_open(assessment)
    row = lock_certification(certification)
    if row.state == State.WITHDRAWN:
        return
    if row.state != State.DECLARED:
        raise Stale(_("This one was checked meanwhile and cannot be removed here."))
    certifying.withdraw(row, by=By(assessment.supplier_actor(), now))
    left = {name: value for name, value in assessment.holdings.items() if name != group}
    _put(assessment, left)


def version_of(certification: Certification) -> str:
    """Changes with every change."""
    return certification.updated_at.isoformat()


def _put(assessment: Assessment, holdings: Mapping[str, str]) -> None:
    assessment.holdings = dict(holdings)
    assessment.save(update_fields=["holdings"])


def _known(
    assessment: Assessment, scheme: Scheme, fields: Mapping[str, Any]
) -> Certification | None:
    """The one that a first press of the button made."""
    rows = Certification.objects.filter(supplier=assessment.supplier, scheme=scheme).living()
    told = {
        **{name: fields.get(name) or "" for name in ("body", "scope", "note")},
        "number": certificates.number(scheme, fields.get("number", "")),
        "valid_until": fields.get("valid_until"),
    }
    return rows.filter(source=SUPPLIER, **told).order_by("pk").first()


def _evidence(assessment: Assessment, public_ids: Collection[UUID]) -> list[Evidence]:
    return [keeping.attach(assessment.supplier, each) for each in public_ids]
