"""One attempt to hand a letter over, and what it means for the row that owes it."""

from datetime import datetime
from enum import StrEnum
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Final

import structlog
from django.core.mail import EmailMessage

from assessments.models import OwedLetter
from assessments.smtp import Uncertain
from events.errors import Halted
from events.owed import OwedQuerySet

MOST_UNCERTAINTIES: Final = 2  # attempts of which nobody knows how they ended

log = structlog.get_logger(__name__)


class Ending(StrEnum):
    SENT = "sent"
    BOUNCED = "bounced"  # the address is refused for good
    PUT_OFF = "put-off"  # anything else may pass by itself
    UNCERTAIN = "uncertain"  # handed over, and lost before the server answered


def post(owed: OwedLetter, email: EmailMessage) -> Ending:
    """Hand it over once. Raises `Halted` where no mail server is there at all."""
    try:
        email.send()
    except Halted:
        raise
    except (SMTPException, OSError) as error:
        ending = ending_of(error)
        told = {"error": type(error).__name__, "codes": _codes(error), "attempt": owed.attempt}
        log.warning("letter_not_sent", kind=owed._meta.model_name, ending=ending.value, **told)
        return ending
    return Ending.SENT


def ending_of(error: Exception) -> Ending:
    """Only an answer about the address itself is about the address (RFC 5321, 3463)."""
    if isinstance(error, Uncertain):
        return Ending.UNCERTAIN
    if isinstance(error, SMTPRecipientsRefused) and all(
        _is_final(code, said) for code, said in error.recipients.values()
    ):
        return Ending.BOUNCED
    return Ending.PUT_OFF


def settle(owed: OwedLetter, ending: Ending, *, now: datetime) -> bool:
    """Write the ending down, also for the second time. Only the attempt that was claimed has a say.

    A letter that has left must not be sent again because a connection was ended: see `surely`.
    """
    rows: OwedQuerySet[OwedLetter] = OwedQuerySet(type(owed))
    if ending in {Ending.SENT, Ending.BOUNCED}:
        return rows.close(owed, now=now, outcome=ending)
    if ending == Ending.UNCERTAIN:
        uncertainties = owed.uncertainties + 1
        rows.still_claimed(owed).update(uncertainties=uncertainties)
        if uncertainties >= MOST_UNCERTAINTIES:
            return rows.give_up(owed, outcome=ending)
    return rows.put_off(owed, now=now, outcome=ending)


def _is_final(code: int, said: bytes) -> bool:
    """5xx, but for what RFC 3463 calls policy: "relaying denied" is about us, not about them."""
    return 500 <= code < 600 and code != 530 and not said.startswith(b"5.7.")


def _codes(error: Exception) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPResponseException) else []
