"""What a worker does with letters that it claimed, at a moment of the test's choice."""

from collections.abc import Sequence
from datetime import datetime

from assessments import mailing
from assessments.models import Mail


def carry(mails: Sequence[Mail], *, now: datetime) -> None:
    """As letters of one claim. An error of one is the test's."""
    going, act = mailing.begin(mails, now=now)
    for mail in going:
        act(mail, now=now)
