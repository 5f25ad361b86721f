"""Read again inside the claim: a letter that says nothing true any more does not leave."""

from datetime import datetime
from typing import Final

from assessments import awaiting, watching
from assessments.locking import LARGE, RELATED
from assessments.models import (
    COPIES,
    LIVING,
    OPEN,
    REMINDERS,
    SENT,
    Assessment,
    Mail,
    Occasion,
    Status,
)
from suppliers import days
from suppliers.models import Contact, Supplier

STILL_TRUE: Final = {  # the statuses in which a letter still says something
    Occasion.Kind.INVITATION: OPEN,
    Occasion.Kind.FIRST_REMINDER: OPEN,
    Occasion.Kind.SECOND_REMINDER: OPEN,
    Occasion.Kind.AFTER_DUE: OPEN,
    Occasion.Kind.REMINDER: OPEN,
    Occasion.Kind.EXTENDED: OPEN,
    Occasion.Kind.RETURNED: frozenset({Status.RETURNED}),
    Occasion.Kind.CONSULTATION: LIVING,
    Occasion.Kind.READERS: LIVING,
    Occasion.Kind.HANDED_OVER: OPEN,
    Occasion.Kind.HANDED_OVER_COPY: LIVING,
    Occasion.Kind.RECEIPT: SENT,
    Occasion.Kind.RECEIPT_COPY: SENT,
}


def true_occasion(mail: Mail, *, now: datetime) -> Occasion | None:
    """Why this letter is written, if anything of it still holds."""
    return _true_request(mail) or _true_certificate(mail, now=now)


def _true_request(mail: Mail) -> Occasion | None:
    """Read again inside the claim: answered, cancelled, bounced or archived means no letter."""
    rows = Occasion.objects.filter(mail=mail).select_related(
        *(f"assessment__{name}" for name in RELATED)
    )
    rows = rows.defer(*(f"assessment__{name}" for name in LARGE))
    living = rows.filter(
        assessment__status__in=LIVING,
        assessment__supplier__status=Supplier.Status.ACTIVE,
        mail__contact__status=Contact.Status.ACTIVE,
    )
    for occasion in living:
        assert occasion.assessment
        kind = Occasion.Kind(occasion.kind)
        meant = kind in COPIES or occasion.assessment.contact_id == mail.contact_id
        true = meant and occasion.assessment.status in STILL_TRUE[kind]
        if true and not _waits(occasion.assessment, kind):
            return occasion
    return None


def _waits(assessment: Assessment, kind: Occasion.Kind) -> bool:
    """Nobody who waits for an answer is reminded, nor does the clock remind while both talk."""
    if kind not in REMINDERS:
        return False
    talks = kind != Occasion.Kind.REMINDER and assessment.consultations.open().exists()
    return talks or awaiting.is_ignored(assessment.supplier)


def _true_certificate(mail: Mail, *, now: datetime) -> Occasion | None:
    rows = Occasion.objects.filter(
        mail=mail,
        certification__supplier__status=Supplier.Status.ACTIVE,
        mail__contact__status=Contact.Status.ACTIVE,
    )
    today = days.in_japan(now)
    for occasion in rows.select_related("certification__contractor", "certification__supplier"):
        assert occasion.certification
        kind = Occasion.Kind(occasion.kind)
        if watching.still_true(occasion.certification, kind, today=today):
            return occasion
    return None
