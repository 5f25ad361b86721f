"""One attempt to send one letter: it leaves, is put off, bounces, or is dropped."""

from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPException

import structlog
from django.db import transaction

from assessments import composing, posting, rechecking, taking_turns
from assessments.errors import HandedOver, NotAsked
from assessments.models import FIRST, Assessment, Mail, Occasion
from assessments.posting import Ending
from assessments.reasons import Reason
from events.reconnecting import surely
from suppliers import bouncing
from suppliers.models import Contact

log = structlog.get_logger(__name__)


def send(mail: Mail, *, now: datetime) -> None:
    """Send, put off or drop the letter; only the attempt that was claimed has a say."""
    if not taking_turns.take(mail, now=now):
        return
    occasions = rechecking.true_occasions(mail, now=now)
    if not occasions:
        Mail.objects.close(mail, now=now, outcome="dropped")
        return
    try:
        email = composing.message(mail, occasions, now=now)
    except (HandedOver, NotAsked) as refusal:
        reason = Reason.HANDED_OVER if isinstance(refusal, HandedOver) else Reason.OUTDATED
        rechecking.leave_out([each.pk for each in occasions], reason)
        Mail.objects.close(mail, now=now, outcome="dropped")
        return
    ending = posting.post(mail, email)
    surely(_conclude, mail, occasions, ending, now=now)


def send_code(assessment: Assessment, contact: Contact, code: str) -> None:
    """At once and by the web process. Its failure shows nowhere but in the log."""
    try:
        composing.code(assessment, contact, code).send()
    except (SMTPException, OSError) as error:
        log.warning("code_not_sent", error=type(error).__name__)


@transaction.atomic
def _conclude(mail: Mail, told: Sequence[Occasion], ending: Ending, *, now: datetime) -> None:
    """All that follows from the ending, or nothing: somebody else may have written one."""
    if not posting.settle(mail, ending, now=now):
        return
    if ending == Ending.SENT:
        _note(told, now=now)
    elif ending == Ending.BOUNCED:
        bouncing.bounce(mail.contact, now=now)


def _note(sent: Sequence[Occasion], *, now: datetime) -> None:
    asked = [each.assessment_id for each in sent if each.assessment_id and each.kind in FIRST]
    if asked:
        Assessment.objects.filter(pk__in=asked, link_sent_at=None).update(link_sent_at=now)
