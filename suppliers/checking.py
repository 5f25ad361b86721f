"""A person of the contractor compares a certificate with a document: verified, or rejected."""

from dataclasses import dataclass

from django.db import transaction

from events.models import Kind
from events.recording import Happening
from suppliers import writing
from suppliers.models import Certification, Evidence, State
from suppliers.writing import CHECKED, Act, By


@dataclass(frozen=True)
class Check:
    """What a person found. `points` are hundredths, for schemes whose worth the checker sets.

    Without a document `note` says why it needed none.
    """

    covers: bool
    document: Evidence | None = None
    points: int | None = None
    note: str = ""


@transaction.atomic
def verify(certification: Certification, check: Check, *, by: By) -> Certification:
    """It says what the document says; whether its scope covers this trade was judged."""
    row = writing.hold(certification, Act.VERIFIED, by=by)
    covers = Certification.ScopeCovers
    row.state, row.verified_at, row.verified_by = State.VERIFIED, by.now, by.actor.plain()
    row.scope_covers = covers.YES if check.covers else covers.NO
    row.checked_document, row.points = check.document, check.points
    row.note = check.note or row.note
    if check.document:
        writing.show(row, [check.document])
    writing.save(row, ["state", "scope_covers", "note", *CHECKED], by=by)
    detail = {"scope_covers": str(row.scope_covers), "points": row.points}
    writing.step(row, Act.VERIFIED, by=by, document=check.document, detail=detail)
    writing.tell(row, Happening(Kind.CERTIFICATION_VERIFIED, row.public_id), by=by)
    return row


@transaction.atomic
def reject(certification: Certification, *, reason: str, by: By) -> Certification:
    """What was shown does not confirm it; the reason is for the supplier."""
    row = writing.hold(certification, Act.REJECTED, by=by)
    row.state, row.rejection_reason = State.REJECTED, reason
    writing.save(row, ["state", "rejection_reason"], by=by)
    writing.step(row, Act.REJECTED, by=by)
    writing.tell(row, Happening(Kind.CERTIFICATION_REJECTED, row.public_id), by=by)
    return row
