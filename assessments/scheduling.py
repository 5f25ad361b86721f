"""The schedule of one request, and what comes up by it."""

import json
from datetime import date, datetime
from functools import lru_cache

from assessments import timetable
from assessments.models import Assessment
from assessments.steps import Code
from assessments.timetable import Schedule
from suppliers import days


def schedule_of(assessment: Assessment) -> Schedule:
    """Of its campaign; what was asked without one follows the default."""
    campaign = assessment.campaign
    return _read(json.dumps(campaign.schedule)) if campaign else timetable.DEFAULT


@lru_cache(maxsize=1024)
def _read(text: str) -> Schedule:
    """A campaign has many requests: it is read once."""
    return Schedule.parse(json.loads(text))


def following(assessment: Assessment, *, after: datetime) -> datetime | None:
    """The next moment after this one, or None when there is nothing more to do."""
    assert assessment.invited_at
    return schedule_of(assessment).following(
        invited_at=assessment.invited_at, due_on=assessment.due_on, after=after
    )


def due_step(assessment: Assessment, *, now: datetime) -> Code | None:
    """The newest step that is due."""
    assert assessment.invited_at
    return schedule_of(assessment).due_step(
        invited_at=assessment.invited_at, due_on=assessment.due_on, now=now
    )


def escalated_on(assessment: Assessment) -> date | None:
    """The day in Japan on which a person is to call, where the schedule has one."""
    if assessment.invited_at is None:
        return None
    moments = schedule_of(assessment).moments(
        invited_at=assessment.invited_at, due_on=assessment.due_on
    )
    return next((days.in_japan(at) for at, code in moments if code is Code.ESCALATION), None)
