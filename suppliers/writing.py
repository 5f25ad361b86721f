"""What every act on a certification does: hold, check the status, write, keep the step, tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from contractors.actors import Actor
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers import certificates, days, owing
from suppliers.certificates import Scheme
from suppliers.errors import Archived, WrongStatus
from suppliers.locking import lock, lock_certification
from suppliers.models import (
    Certification,
    CertificationEvidence,
    CertificationStep,
    Evidence,
    State,
    Status,
    Supplier,
)

Act = CertificationStep.Act

ON_PAPER: Final = (
    "number", "body", "scope", "edition", "accreditation", "issued_on", "valid_until",
)  # fmt: skip
WRITABLE: Final = (*ON_PAPER, "scope_covers", "note")
CHECKED: Final = ("verified_at", "verified_by", "checked_document", "points")
STAMPED: Final = ("updated_at", "watch_at")
GOOD: Final = (Status.DECLARED, Status.VERIFIED)
LIVING: Final = (*GOOD, Status.RENEWAL_PENDING, Status.EXPIRED)
ALLOWED: Final = {  # the statuses in which each act is possible
    Act.CHANGED: LIVING,
    Act.VERIFIED: GOOD,
    Act.REJECTED: (Status.DECLARED, Status.RENEWAL_PENDING),
    Act.WITHDRAWN: LIVING,
    Act.RENEWED: LIVING,
    Act.RECONFIRMED: GOOD,
}


@dataclass(frozen=True)
class By:
    """Who acts, and when."""

    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The day in Japan."""
        return days.in_japan(self.now)


def hold_supplier(supplier: Supplier) -> Supplier:
    """Refuses one that is put away: it is read only."""
    held = lock(supplier)
    if held.status == Supplier.Status.ARCHIVED:
        raise Archived(_("This supplier is archived. Restore it before you change it."))
    return held


def hold(certification: Certification, act: Act, *, by: By) -> Certification:
    """The row as it is now, if its status on this day allows the act."""
    row = lock_certification(certification)
    if row.supplier.status == Supplier.Status.ARCHIVED:
        raise Archived(_("This supplier is archived. Restore it before you change it."))
    status = row.status_on(by.today)
    if status not in ALLOWED[act]:
        raise WrongStatus(
            _("A certification that is %(status)s cannot be %(act)s.")
            % {"status": status.value, "act": act.value},
            allowed=[each.value for each in ALLOWED[act]],
        )
    return row


def put(row: Certification, fields: Mapping[str, Any]) -> None:
    """Set what was given, in the scheme's own form. Refuses days in the wrong order."""
    for name in WRITABLE:
        if name in fields:
            setattr(row, name, fields[name])
    scheme = Scheme(row.scheme)
    row.number = certificates.number(scheme, row.number)
    row.edition = certificates.edition(scheme, row.edition)
    row.accreditation = row.accreditation or None
    certificates.check_span(row.issued_on, row.valid_until)


def uncheck(row: Certification) -> None:
    """The paper says something else than what was checked."""
    row.state, row.verified_at, row.verified_by = State.DECLARED, None, None
    row.checked_document, row.points = None, None


def stamp(row: Certification, *, by: By) -> None:
    """Every change sets when it was made and the next moment at which a day says something."""
    row.updated_at, row.watch_at = by.now, row.next_watch(after=by.now)


def insert(row: Certification, evidence: Sequence[Evidence], *, by: By) -> None:
    stamp(row, by=by)
    row.save(force_insert=True)
    show(row, evidence)


def save(row: Certification, names: Sequence[str], *, by: By) -> None:
    stamp(row, by=by)
    row.save(update_fields=[*names, *STAMPED])


def show(row: Certification, evidence: Sequence[Evidence], *, instead: bool = False) -> bool:
    """Add these files, or keep these alone; says whether that changed anything."""
    wanted = {each.pk for each in evidence}
    known = set(row.shown.values_list("evidence_id", flat=True))
    gone = known - wanted if instead else set()
    if gone:
        row.shown.filter(evidence__in=gone).delete()
    CertificationEvidence.objects.bulk_create(
        CertificationEvidence(
            contractor_id=row.contractor_id, certification=row, evidence_id=evidence_id
        )
        for evidence_id in sorted(wanted - known)
    )
    return bool(gone or wanted - known)


def step(
    row: Certification,
    act: Act,
    *,
    by: By,
    document: Evidence | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Kept for ever: codes and ids only."""
    CertificationStep.objects.create(
        contractor_id=row.contractor_id,
        certification=row,
        act=act,
        at=by.now,
        actor=by.actor.plain(),
        document=document,
        detail=detail or {},
    )


def changed(row: Certification, act: Act) -> Happening:
    """For a receiver the supplier was updated."""
    detail = {"certification": str(row.public_id), "act": act.value}
    return Happening(Kind.SUPPLIER_UPDATED, row.supplier.public_id, ["certifications"], detail)


def tell(row: Certification, happening: Happening, *, by: By) -> None:
    """The rating is owed, and what happened is recorded last."""
    owing.owe_rating([row.supplier], now=by.now)
    recording.record(row.contractor, [happening], actor=by.actor, now=by.now)
