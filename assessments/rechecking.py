"""Read again inside the claim: a letter that says nothing true any more does not leave."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Model

from assessments import scheduling, timetable, withholding
from assessments.models import AUTOMATIC, Assessment, Campaign, Mail, Occasion
from assessments.reasons import Reason
from assessments.steps import MOST_LETTERS, Code
from questionnaires.models import Questionnaire
from suppliers import days
from suppliers.models import Supplier


def _untold(model: type[Model], path: str, told: set[str]) -> list[str]:
    """The columns of what is joined at this path, but for those that a letter needs."""
    names = (field.name for field in model._meta.concrete_fields)
    return [f"{path}__{name}" for name in names if name not in told]


MOMENT: Final = timedelta(microseconds=1)
CODES: Final = {
    Occasion.Kind.FIRST_REMINDER: Code.FIRST_REMINDER,
    Occasion.Kind.SECOND_REMINDER: Code.SECOND_REMINDER,
    Occasion.Kind.AFTER_DUE: Code.AFTER_DUE,
}
RELATED: Final = ("contractor", "supplier", "contact", "questionnaire", "campaign")
UNTOLD: Final = tuple(  # no letter speaks of these; whatever does reads it then
    f"assessment__{path}"
    for path in (
        "profile", "holdings", "warnings", "flags", "message", "decided_by", "sent_by",
        "confirmed_by", "closing_note", "decline_reason",
        *(f"contractor__{name}" for name in ("privacy_text_ja", "privacy_text_en")),
        *_untold(Supplier, "supplier", {"id", "contractor", "name", "status"}),
        *_untold(Questionnaire, "questionnaire", {"id", "key", "digest"}),
        *_untold(Campaign, "campaign", {"id", "status", "schedule"}),
    )
)  # fmt: skip
Judged = tuple[Occasion, Reason | None]


def true_occasions(mail: Mail, *, now: datetime) -> list[Occasion]:
    """Why this letter is written: all that still holds. What does not is noted."""
    judged = [*_requests(mail, now=now), *_certificates(mail, now=now)]
    for occasion, reason in judged:
        if reason:
            leave_out([occasion.pk], reason)
    true = [occasion for occasion, reason in judged if not reason]
    return sorted(true, key=lambda occasion: occasion.pk)


def leave_out(occasions: list[int], reason: Reason) -> None:
    """Keep why the letter says nothing of these."""
    Occasion.objects.filter(pk__in=occasions).update(left_out=reason)


def _requests(mail: Mail, *, now: datetime) -> Iterator[Judged]:
    """Answered, cancelled, bounced or archived means no letter."""
    rows = Occasion.objects.filter(mail=mail, left_out="", assessment__isnull=False).select_related(
        "mail__contact", *(f"assessment__{name}" for name in RELATED)
    )
    for occasion in rows.defer(*UNTOLD):
        assert occasion.assessment
        contact = occasion.mail.contact
        reason = withholding.of_request(occasion.assessment, contact, occasion.kind)
        yield occasion, reason or _by_schedule(occasion, now=now)


def _by_schedule(occasion: Occasion, *, now: datetime) -> Reason | None:
    """A later step has come up, the due day has moved, or four letters were written.

    By days, so that a clock which steps back loses no letter.
    """
    assessment, code = occasion.assessment, CODES.get(Occasion.Kind(occasion.kind))
    if assessment is None or code is None:
        return None
    day = max(days.in_japan(now), occasion.arose_on)
    ends = days.begins_at(day + timetable.DAY) - MOMENT
    if scheduling.due_step(assessment, now=ends) is not code:
        return Reason.EXTENDED if assessment.extensions else Reason.OUTDATED
    return Reason.CAPPED if _written_enough(assessment, occasion) else None


def _written_enough(assessment: Assessment, occasion: Occasion) -> bool:
    written = assessment.occasions.filter(
        kind__in=AUTOMATIC, mail__outcome="sent", left_out="", mail__contact=assessment.contact_id
    )
    return written.exclude(pk=occasion.pk).count() >= MOST_LETTERS


def _certificates(mail: Mail, *, now: datetime) -> Iterator[Judged]:
    rows = Occasion.objects.filter(mail=mail, left_out="", certification__isnull=False)
    if not rows.exists():
        return  # cheaper than to read all that a certificate needs
    today = days.in_japan(now)
    for occasion in rows.select_related(
        "mail__contact", "certification__contractor", "certification__supplier"
    ):
        assert occasion.certification
        about, contact = occasion.certification, occasion.mail.contact
        yield occasion, withholding.of_certificate(about, contact, occasion.kind, today=today)
