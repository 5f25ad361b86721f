"""A supplier's files are kept: looked at first, stored once, offered again, and removed."""

from datetime import datetime
from typing import Any

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from contractors.actors import Actor
from events import bell, recording
from events.models import Kind
from events.recording import Happening
from suppliers.errors import Archived, EvidenceFull, EvidenceGone
from suppliers.evidence import isolating, kinds, naming, scanning, storing
from suppliers.evidence.isolating import Inspected
from suppliers.evidence.kinds import Unacceptable
from suppliers.evidence.scanning import Verdict
from suppliers.evidence.storing import Content
from suppliers.models import Evidence, Supplier
from suppliers.models.evidence import EvidenceQuerySet, EvidenceScan

log = structlog.get_logger("suppliers.evidence")


def keep(
    supplier: Supplier, upload: "UploadedFile[Any]", *, actor: Actor, now: datetime
) -> Evidence:
    """The file as evidence; the same content again gives back the earlier one.

    Raises `Unacceptable` with a code (`sentences.refusal` says it), `EvidenceFull`, or
    `StorageAway`; then nothing is kept. A file whose row is rolled back later is swept away.
    """
    name = naming.shown(upload.name or "")
    kind = kinds.of_extension(naming.extension(name))
    with storing.received(upload) as sent:
        if known := earlier(supplier).filter(sent_digest=sent.digest).first():
            return known
        with isolating.inspected(sent.file, kind) as found:
            verdict = _scanned(supplier, sent)
            kept = storing.measured(found.drawn) if found.drawn else sent
            fields = _fields(name, kind, sent, kept, found, verdict)
            return _add(supplier, kept, fields, actor=actor, now=now)


def earlier(supplier: Supplier) -> EvidenceQuerySet:
    """What this supplier showed before and can show again, the newest first."""
    return Evidence.objects.filter(supplier=supplier).kept().order_by("-pk")


def attach(supplier: Supplier, public_id: Any) -> Evidence:
    """An earlier file, to be shown for something else; refuses another supplier's or a removed one.

    Call it in the transaction that links to it: the file stays until that ends.
    """
    rows = earlier(supplier).select_for_update(no_key=True, of=("self",))
    if found := rows.filter(public_id=public_id).first():
        return found
    raise EvidenceGone(_("This file is not here any more. Choose another one or send it again."))


@transaction.atomic
def remove(evidence: Evidence, *, actor: Actor, now: datetime) -> None:
    """The file goes for good, its row stays for the history. Safe to repeat."""
    supplier = _locked(evidence.supplier)
    row = Evidence.objects.select_for_update(no_key=True, of=("self",)).get(pk=evidence.pk)
    if row.removed_at is not None:
        return
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    EvidenceScan.objects.filter(evidence=row, closed_at=None).update(
        due_at=None, closed_at=now, outcome="removed"
    )
    bell.ring("suppliers.sweep_evidence")
    _happened(supplier, actor=actor, now=now)


def _scanned(supplier: Supplier, sent: Content) -> Verdict:
    verdict = scanning.scan(sent.file)
    if verdict.infected:
        told = {"supplier": str(supplier.public_id), "signature": verdict.signature}
        log.warning("malware refused", **told)
        raise Unacceptable("infected")
    return verdict


def _fields(
    name: str, kind: str, sent: Content, kept: Content, found: Inspected, verdict: Verdict
) -> dict[str, Any]:
    return {
        "name": name,
        "media_type": kinds.MEDIA_TYPES[kind],
        "size": kept.size,
        "digest": kept.digest,
        "sent_digest": sent.digest,
        "scan": Evidence.Scan.CLEAN if verdict.clean else Evidence.Scan.UNSCANNED,
        "warnings": found.warnings,
    }


def _add(
    supplier: Supplier, kept: Content, fields: dict[str, Any], *, actor: Actor, now: datetime
) -> Evidence:
    stored_as = ""
    try:
        with transaction.atomic():
            supplier = _locked(supplier)
            if known := earlier(supplier).filter(sent_digest=fields["sent_digest"]).first():
                return known  # Somebody was faster.
            _refuse_full(supplier, kept)
            stored_as = storing.put(kept, now=now)
            return _write(supplier, fields | {"stored_as": stored_as}, actor=actor, now=now)
    except Exception:
        if stored_as:
            storing.discard(stored_as)
        raise


def _write(supplier: Supplier, fields: dict[str, Any], *, actor: Actor, now: datetime) -> Evidence:
    evidence = Evidence.objects.create(
        contractor=supplier.contractor,
        supplier=supplier,
        uploaded_at=now,
        uploaded_by=actor.plain(),
        **fields,
    )
    if evidence.scan == Evidence.Scan.UNSCANNED:
        EvidenceScan.objects.create(contractor=supplier.contractor, evidence=evidence, due_at=now)
        bell.ring("suppliers.scan_evidence")
    _happened(supplier, actor=actor, now=now)
    return evidence


def _refuse_full(supplier: Supplier, kept: Content) -> None:
    if supplier.status == Supplier.Status.ARCHIVED:
        raise Archived(_("This supplier is archived. Restore it before you change it."))
    rows = Evidence.objects.filter(supplier=supplier).kept()
    there = rows.aggregate(files=Count("pk"), size=Sum("size", default=0))
    too_many = there["files"] >= kinds.MOST_FILES
    if too_many or there["size"] + kept.size > kinds.MOST_BYTES_TOGETHER:
        raise EvidenceFull(
            _("No more files fit: 500 files and 2 GB a supplier are the most. Remove some first.")
        )


def _locked(supplier: Supplier) -> Supplier:
    rows = Supplier.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("contractor").get(pk=supplier.pk)


def _happened(supplier: Supplier, *, actor: Actor, now: datetime) -> None:
    supplier.updated_at = now
    supplier.save(update_fields=["updated_at"])
    happening = Happening(Kind.SUPPLIER_UPDATED, supplier.public_id, ["evidence"])
    recording.record(supplier.contractor, [happening], actor=actor, now=now)
