"""When a letter ought to have arrived, as far as the tables of the service tell."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from assessments.models import Mail

ALLOWED = timedelta(minutes=1)  # as long as the clock may take to find what no ring told of


def late(arrived: Mapping[str, datetime], *, since: datetime, lease: timedelta) -> int:
    """How many reached the mail server for the first time more than a minute after their turn.

    The turn of a letter is the moment at which it was owed, or at which the first process was
    started, whichever is later; and for each attempt that came to nothing a lease after that. No
    step of the ladder is allowed for, because none takes its time here: see `ringing`. What waits
    behind others in a queue that is too long for its workers is late like everything else.
    """
    rows = Mail.objects.values_list("message_id", "attempt")
    turns = {str(name): max(owed_at(name), since) + (tried - 1) * lease for name, tried in rows}
    return sum(moment > turns[name] + ALLOWED for name, moment in arrived.items())


def owed_at(message_id: UUID) -> datetime:
    """A Message-ID is a UUID of version 7: it begins with its moment, in milliseconds."""
    return datetime.fromtimestamp((message_id.int >> 80) / 1000, UTC)
