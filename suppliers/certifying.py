"""A supplier names a certificate, a declaration or a service, and keeps it up to date.

Declared, changed, taken back, renewed by a row that follows, reconfirmed yearly. Whether it is true
a person checks (`checking`); that its day comes is seen by the clock (`lapsing`).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from events.models import Kind
from events.recording import Happening
from suppliers import days, writing
from suppliers.certificates import PENDING, SECURITY_ACTION, Scheme
from suppliers.errors import NothingToReconfirm, RenewalUnproven, WrongStatus
from suppliers.models import Certification, Evidence, State, Status, Supplier
from suppliers.writing import CHECKED, ON_PAPER, WRITABLE, Act, By

Source = Certification.Source

REVISED: Final = (*WRITABLE, "state", *CHECKED)  # the columns that `revise` may change


@transaction.atomic
def declare(
    supplier: Supplier,
    scheme: Scheme,
    fields: Mapping[str, Any],
    *,
    evidence: Sequence[Evidence] = (),
    source: Source,
    by: By,
) -> Certification:
    """`fields` are those of WRITABLE. Refuses an end before the beginning (`Unreadable`)."""
    supplier = writing.hold_supplier(supplier)
    row = draft(supplier, scheme, fields, source=source, by=by)
    writing.insert(row, evidence, by=by)
    writing.step(row, Act.DECLARED, by=by)
    happening = Happening(Kind.CERTIFICATION_DECLARED, row.public_id, detail={"scheme": scheme})
    writing.tell(row, happening, by=by)
    return row


@transaction.atomic
def change(
    certification: Certification,
    fields: Mapping[str, Any],
    *,
    evidence: Sequence[Evidence] | None = None,
    by: By,
) -> Certification:
    """Change only what `fields` names; `evidence` replaces the list.

    What was verified is declared again as soon as the paper says something else.
    """
    row = writing.hold(certification, Act.CHANGED, by=by)
    changed = revise(row, fields)
    if evidence is not None and writing.show(row, evidence, instead=True):
        changed.append("evidence")
    if not changed:
        return row
    writing.save(row, REVISED, by=by)
    writing.step(row, Act.CHANGED, by=by, detail={"changed": changed})
    writing.tell(row, writing.changed(row, Act.CHANGED), by=by)
    return row


@transaction.atomic
def withdraw(certification: Certification, *, by: By) -> Certification:
    """Taken back: it was named by mistake, or is held no more."""
    row = writing.hold(certification, Act.WITHDRAWN, by=by)
    row.state = State.WITHDRAWN
    writing.save(row, ["state"], by=by)
    writing.step(row, Act.WITHDRAWN, by=by)
    writing.tell(row, writing.changed(row, Act.WITHDRAWN), by=by)
    return row


@transaction.atomic
def renew(
    certification: Certification,
    fields: Mapping[str, Any],
    *,
    filed_on: date | None = None,
    evidence: Sequence[Evidence] = (),
    source: Source,
    by: By,
) -> Certification:
    """A new row that follows the old: the new certificate, or the proof that one was asked for.

    With `filed_on` it counts as unchecked with document, up to 120 days after the old one's end.
    """
    old = writing.hold(certification, Act.RENEWED, by=by)
    carried = {name: getattr(old, name) for name in ("number", "body", "scope", "accreditation")}
    new = Certification(
        contractor=old.contractor,
        supplier=old.supplier,
        scheme=old.scheme,
        follows=old,
        source=source,
        created_at=by.now,
        reconfirm_on=days.years_after(by.today, 1) if old.reconfirm_on else None,
    )
    if "scope" not in fields:
        carried["scope_covers"] = old.scope_covers  # the same scope as was judged
    writing.put(new, {"edition": old.edition, **carried, **fields})
    if filed_on:
        _file(new, old, filed_on, evidence, today=by.today)
    writing.insert(new, evidence, by=by)
    _retire_filings(old, new, by=by)
    writing.step(new, Act.RENEWED, by=by, detail={"follows": str(old.public_id)})
    writing.tell(new, writing.changed(new, Act.RENEWED), by=by)
    return new


@transaction.atomic
def reconfirm(certification: Certification, *, by: By) -> Certification:
    """The declaration still stands; it is asked again in a year."""
    row = writing.hold(certification, Act.RECONFIRMED, by=by)
    if row.reconfirm_on is None:
        raise NothingToReconfirm(_("Only declarations such as SECURITY ACTION are reconfirmed."))
    row.reconfirm_on = days.years_after(by.today, 1)
    writing.save(row, ["reconfirm_on"], by=by)
    writing.step(row, Act.RECONFIRMED, by=by)
    writing.tell(row, writing.changed(row, Act.RECONFIRMED), by=by)
    return row


def draft(
    supplier: Supplier, scheme: Scheme, fields: Mapping[str, Any], *, source: Source, by: By
) -> Certification:
    """What `declare` stores, before it is stored."""
    row = Certification(
        contractor=supplier.contractor,
        supplier=supplier,
        scheme=scheme,
        source=source,
        created_at=by.now,
    )
    if scheme in SECURITY_ACTION:
        row.reconfirm_on = days.years_after(by.today, 1)
    writing.put(row, fields)
    return row


def revise(row: Certification, fields: Mapping[str, Any]) -> list[str]:
    """What `change` does to a row before it is stored; gives back the names that differ now."""
    if row.state == State.RENEWAL_PENDING and {"issued_on", "valid_until"} & set(fields):
        raise WrongStatus(
            _("Register the new certificate with its days by a renewal."),
            allowed=[Status.DECLARED.value, Status.VERIFIED.value],
        )
    before = {name: getattr(row, name) for name in WRITABLE}
    writing.put(row, fields)
    changed = sorted(name for name in WRITABLE if getattr(row, name) != before[name])
    if row.state == State.VERIFIED and set(changed) & {*ON_PAPER, "scope_covers"}:
        writing.uncheck(row)
    return changed


def _file(
    new: Certification,
    old: Certification,
    filed_on: date,
    evidence: Sequence[Evidence],
    *,
    today: date,
) -> None:
    """Filing again never lengthens the time that the first filing gave."""
    again = old.pending_until if old.state == State.RENEWAL_PENDING else None
    until = again or (old.last_day() or filed_on) + PENDING
    if not evidence:
        raise RenewalUnproven(_("Show the document that proves that the renewal was filed."))
    if filed_on > today:
        raise RenewalUnproven(_("The day of filing lies in the future. Check it."))
    if until < today:
        raise RenewalUnproven(_("It ended more than 120 days ago. Register the new certificate."))
    new.state, new.renewal_filed_on, new.pending_until = State.RENEWAL_PENDING, filed_on, until
    new.issued_on = new.valid_until = None


def _retire_filings(old: Certification, new: Certification, *, by: By) -> None:
    """What was filed before has done its part."""
    filings = list(old.followers.filter(state=State.RENEWAL_PENDING).exclude(pk=new.pk))
    if old.state == State.RENEWAL_PENDING:
        filings.append(old)
    for filing in filings:
        filing.state = State.WITHDRAWN
        writing.save(filing, ["state"], by=by)
        writing.step(filing, Act.WITHDRAWN, by=by)
