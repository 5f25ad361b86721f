"""A person stops new orders to a supplier for a time, or lets them go on. Never the service itself.

Who, why, from when to when, and when the supplier was told: a mark alone must not end a trade.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import awaiting
from assessments.errors import HoldRunning, NoHold
from assessments.models import Hold
from contractors.actors import Actor
from contractors.models import User
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers import days, locking, writing
from suppliers.models import Supplier


@dataclass(frozen=True)
class Decision:
    """Days are days in Japan; `until_on` is the last. `urgency` is why 30 days were not given."""

    reason: str
    from_on: date
    until_on: date
    told_on: date
    urgency: str | None = None
    supplier_reply: str = ""


@transaction.atomic
def hold(supplier: Supplier, decision: Decision, *, person: User, now: datetime) -> Hold:
    """No new orders in these days. Refuses a second one before the first is over,
    and any while the supplier waits for an answer for too long.
    """
    supplier = writing.hold_supplier(supplier)
    awaiting.check(supplier)
    if _not_over(supplier, now=now) is not None:
        raise HoldRunning(_("New orders to this supplier are held already. Release that first."))
    made = Hold.objects.create(
        contractor=supplier.contractor,
        supplier=supplier,
        decided_at=now,
        decided_by=person,
        **vars(decision),
    )
    _happened(Kind.CLEARANCE_HELD, made, supplier, person=person, now=now)
    return made


@transaction.atomic
def release(supplier: Supplier, *, reason: str, person: User, now: datetime) -> Hold:
    """New orders may go on, whatever day was set. Also of a supplier that is put away."""
    supplier = locking.lock(supplier)
    held = _not_over(supplier, now=now)
    if held is None:
        raise NoHold(_("New orders to this supplier are not held."))
    held.released_at, held.released_by, held.release_reason = now, person, reason
    held.save(update_fields=["released_at", "released_by", "release_reason"])
    _happened(Kind.CLEARANCE_RELEASED, held, supplier, person=person, now=now)
    return held


def _not_over(supplier: Supplier, *, now: datetime) -> Hold | None:
    return Hold.objects.filter(supplier=supplier).not_over(days.in_japan(now)).first()


def _happened(kind: Kind, hold: Hold, supplier: Supplier, *, person: User, now: datetime) -> None:
    happening = Happening(kind, supplier.public_id, detail={"hold": str(hold.public_id)})
    actor = Actor("user", str(person.public_id))
    recording.record(supplier.contractor, [happening], actor=actor, now=now)
