"""A file leaves the house: only when it may, and never without being written down."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from contractors.actors import Actor
from events.tracing import request_id
from suppliers.errors import NotScanned
from suppliers.evidence import storing
from suppliers.models.evidence import Evidence, EvidenceReading


@transaction.atomic
def read(evidence: Evidence, *, actor: Actor, now: datetime) -> "File[Any]":
    """The open file; the reading counts even where the reader goes away half through."""
    if not may_leave(evidence):
        raise NotScanned(
            _("The virus scanner has not seen this file yet. Try again a little later.")
        )
    EvidenceReading.objects.create(
        contractor_id=evidence.contractor_id,
        evidence=evidence,
        actor=actor.plain(),
        request_id=request_id.get(),
        read_at=now,
    )
    return storing.fetch(evidence.stored_as)


def may_leave(evidence: Evidence) -> bool:
    """With REQUIRE_SCAN nothing leaves that no scanner called clean."""
    return not settings.REQUIRE_SCAN or evidence.scan == Evidence.Scan.CLEAN
