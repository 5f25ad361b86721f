"""Judged again inside the claim: a letter that says nothing true any more does not leave."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from assessments import scheduling, timetable, withholding
from assessments.inviting import Way
from assessments.models import Occasion
from assessments.reasons import Reason
from assessments.steps import MOST_LETTERS, Code
from suppliers import days

MOMENT: Final = timedelta(microseconds=1)
CODES: Final = {
    Occasion.Kind.FIRST_REMINDER: Code.FIRST_REMINDER,
    Occasion.Kind.SECOND_REMINDER: Code.SECOND_REMINDER,
    Occasion.Kind.AFTER_DUE: Code.AFTER_DUE,
}


def true_occasions(
    occasions: Sequence[Occasion], ways: Mapping[int, Way], *, now: datetime
) -> list[Occasion]:
    """Why a letter is written: all that still holds. What does not is noted.

    `occasions` are as `refreshing` reads them, and `ways` the links made for them.
    """
    true = []
    for occasion in occasions:
        if reason := _reason(occasion, ways.get(occasion.pk), now=now):
            leave_out([occasion], reason)
        else:
            true.append(occasion)
    return true


def leave_out(occasions: Iterable[Occasion], reason: Reason) -> None:
    """Keep why the letter says nothing of these."""
    Occasion.objects.filter(pk__in=[each.pk for each in occasions]).update(left_out=reason)


def _reason(occasion: Any, way: Way | None, *, now: datetime) -> Reason | None:
    """Answered, cancelled, bounced or archived means no letter."""
    contact = occasion.mail.contact
    if certification := occasion.certification:
        today = days.in_japan(now)
        return withholding.of_certificate(certification, contact, occasion.kind, today=today)
    if delegation := occasion.delegation:
        return withholding.of_delegation(delegation, contact)
    reason = withholding.of_request(
        occasion.assessment, contact, occasion.kind, talking=occasion.talking
    )
    return reason or _by_way(occasion, way) or _by_schedule(occasion, now=now)


def _by_way(occasion: Occasion, way: Way | None) -> Reason | None:
    """The link is of who was in charge when it was made, and was revoked with the charge."""
    assert occasion.assessment
    taken_over = way is not None and way.contact != occasion.assessment.contact_id
    return Reason.HANDED_OVER if taken_over else None


def _by_schedule(occasion: Any, *, now: datetime) -> Reason | None:
    """A later step has come up, the due day has moved, or four letters were written.

    By days, so that a clock which steps back loses no letter.
    """
    assessment, code = occasion.assessment, CODES.get(Occasion.Kind(occasion.kind))
    if code is None:
        return None
    day = max(days.in_japan(now), occasion.arose_on)
    ends = days.begins_at(day + timetable.DAY) - MOMENT
    if scheduling.due_step(assessment, now=ends) is not code:
        return Reason.EXTENDED if assessment.extensions else Reason.OUTDATED
    return Reason.CAPPED if occasion.written >= MOST_LETTERS else None
