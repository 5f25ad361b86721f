"""Why a letter that was owed is not sent. Plain values, no Django."""

from enum import StrEnum


class Reason(StrEnum):
    """Kept with the occasion, and told by `manage.py mail_plan`."""

    ARCHIVED = "archived"  # the supplier
    BOUNCED = "bounced"  # the mailbox does not exist
    OPTED_OUT = "opted_out"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    OUTDATED = "outdated"  # what it says is not so any more
    HANDED_OVER = "handed_over"  # to somebody else
    EXTENDED = "extended"  # another due day holds
    TALKS = "talks"  # both sides talk
    UNANSWERED = "unanswered"  # the supplier has waited for a word for too long
    CAPPED = "capped"  # as many as may be were sent
