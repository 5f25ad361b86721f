"""Read again inside the claim: a letter that says nothing true any more does not leave."""

from collections.abc import Iterator
from datetime import datetime

from assessments import withholding
from assessments.locking import LARGE, RELATED
from assessments.models import Mail, Occasion
from assessments.reasons import Reason
from suppliers import days

Judged = tuple[Occasion, Reason | None]


def true_occasion(mail: Mail, *, now: datetime) -> Occasion | None:
    """Why this letter is written, if anything of it still holds. What does not is noted."""
    judged = [*_requests(mail), *_certificates(mail, now=now)]
    for occasion, reason in judged:
        if reason:
            leave_out([occasion.pk], reason)
    return next((occasion for occasion, reason in judged if not reason), None)


def leave_out(occasions: list[int], reason: Reason) -> None:
    """Keep why the letter says nothing of these."""
    Occasion.objects.filter(pk__in=occasions).update(left_out=reason)


def _requests(mail: Mail) -> Iterator[Judged]:
    """Answered, cancelled, bounced or archived means no letter."""
    rows = Occasion.objects.filter(mail=mail, left_out="", assessment__isnull=False).select_related(
        "mail__contact", *(f"assessment__{name}" for name in RELATED)
    )
    for occasion in rows.defer(*(f"assessment__{name}" for name in LARGE)):
        assert occasion.assessment
        contact = occasion.mail.contact
        yield occasion, withholding.of_request(occasion.assessment, contact, occasion.kind)


def _certificates(mail: Mail, *, now: datetime) -> Iterator[Judged]:
    rows = Occasion.objects.filter(mail=mail, left_out="", certification__isnull=False)
    today = days.in_japan(now)
    for occasion in rows.select_related(
        "mail__contact", "certification__contractor", "certification__supplier"
    ):
        assert occasion.certification
        about, contact = occasion.certification, occasion.mail.contact
        yield occasion, withholding.of_certificate(about, contact, occasion.kind, today=today)
