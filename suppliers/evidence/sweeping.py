"""What was left behind goes: files nobody wants any more, and files that no row knows."""

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from contractors.actors import SYSTEM
from events.owed import OwedQuerySet
from suppliers.evidence import keeping, scanning, storing
from suppliers.evidence.storing import StorageAway
from suppliers.models.evidence import Evidence, EvidenceScan

AT_ONCE: Final = 100  # files of one run
ABANDONED: Final = timedelta(hours=2)  # no request that stores a file lasts so long
LOOKED_BACK: Final = 31  # days on which something is stored

log = structlog.get_logger("suppliers.evidence")


def discard(*, now: datetime) -> bool:
    """Remove the files of removed rows; whether more remain."""
    rows = list(Evidence.objects.to_discard().order_by("removed_at")[:AT_ONCE])
    gone = [row.pk for row in rows if storing.discard(row.stored_as)]
    Evidence.objects.filter(pk__in=gone).update(discarded_at=now)
    return len(gone) == AT_ONCE


def drop_orphans(*, now: datetime) -> int:
    """Remove files without a row: a process that stored them died before its transaction ended."""
    dropped = 0
    for day in storing.days()[-LOOKED_BACK:]:
        names = storing.names(day)
        known = set(
            Evidence.objects.filter(stored_as__in=names, discarded_at=None).values_list(
                "stored_as", flat=True
            )
        )
        for name in sorted(set(names) - known):
            if storing.stored_at(name) <= now - ABANDONED:
                dropped += storing.discard(name)
    if dropped:
        log.warning("orphans removed", files=dropped)
    return dropped


def scan(owed: list[EvidenceScan], *, now: datetime) -> None:
    """Scan what was taken while no scanner answered; what is infected goes at once."""
    for each in owed:
        _scan(each, now=now)


def owed_scans(*, now: datetime) -> list[EvidenceScan]:
    """Claimed, but only where there is a scanner to ask."""
    rows: OwedQuerySet[EvidenceScan] = EvidenceScan.objects.select_related("evidence__supplier")
    return rows.claim(now=now) if scanning.is_configured() else []


def _scan(owed: EvidenceScan, *, now: datetime) -> None:
    try:
        with storing.fetch(owed.evidence.stored_as) as file:
            verdict = scanning.scan(file)
    except StorageAway:
        verdict = scanning.UNKNOWN
    if verdict.infected:
        told = {"evidence": str(owed.evidence.public_id), "signature": verdict.signature}
        log.warning("malware removed", **told)
        keeping.remove(owed.evidence, actor=SYSTEM, now=now)
    elif verdict.clean:
        _note_clean(owed, now=now)
    else:
        EvidenceScan.objects.put_off(owed, now=now, outcome="unscanned")


@transaction.atomic
def _note_clean(owed: EvidenceScan, *, now: datetime) -> None:
    if EvidenceScan.objects.close(owed, now=now, outcome="clean"):
        Evidence.objects.filter(pk=owed.evidence_id).update(scan=Evidence.Scan.CLEAN)
