"""The letters of a claim: each leaves, is put off, bounces, or is dropped."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from functools import partial
from smtplib import SMTPException

import structlog
from django.db import transaction

from assessments import composing, inviting, posting, rechecking, taking_turns, timetable
from assessments.errors import HandedOver, NotAsked
from assessments.inviting import Way
from assessments.models import FIRST, Assessment, Mail
from assessments.posting import Ending
from assessments.reasons import Reason
from assessments.refreshing import Reading
from events.reconnecting import surely
from events.turning import Act
from suppliers import bouncing
from suppliers.models import Contact

log = structlog.get_logger(__name__)


def begin(mails: Sequence[Mail], *, now: datetime) -> tuple[Sequence[Mail], Act[Mail]]:
    """Which letters of a claim may leave now, and how: with links that are made for all at once."""
    going, bound = taking_turns.take(mails, now=now)
    reading = Reading(going)
    told = [
        each
        for mail in going
        for each in rechecking.true_occasions(reading.first(mail), {}, now=now)
    ]
    send = partial(_send, reading, inviting.issue_links(told, now=now))
    return going, partial(_in_hours, send, bound)


def _in_hours(send: Act[Mail], bound: Set[int], mail: Mail, *, now: datetime) -> None:
    """The offices may have closed while the letters before it left."""
    if mail.pk in bound and not timetable.is_open(now):
        taking_turns.wait([mail], now=now)
    else:
        send(mail, now=now)


def _send(reading: Reading, ways: Mapping[int, Way], mail: Mail, *, now: datetime) -> None:
    """Send, put off or drop the letter; only the attempt that was claimed has a say."""
    occasions = rechecking.true_occasions(reading.of(mail), ways, now=now)
    if not occasions:
        Mail.objects.close(mail, now=now, outcome="dropped")
        return
    try:
        email = composing.message(mail, occasions, ways, now=now)
    except (HandedOver, NotAsked):  # a moment ago
        rechecking.leave_out(occasions, Reason.OUTDATED)
        Mail.objects.close(mail, now=now, outcome="dropped")
        return
    ending = posting.post(mail, email)
    asked = [each.assessment_id for each in occasions if each.assessment_id and each.kind in FIRST]
    follows = ending == Ending.BOUNCED or (ending == Ending.SENT and asked)
    conclude = partial(_conclude, asked) if follows else posting.settle
    surely(conclude, mail, ending, now=now)


@transaction.atomic
def _conclude(asked: Sequence[int], mail: Mail, ending: Ending, *, now: datetime) -> None:
    """All that follows from the ending, or nothing: somebody else may have written one."""
    if not posting.settle(mail, ending, now=now):
        return
    if ending == Ending.BOUNCED:
        bouncing.bounce(mail.contact, now=now)
    else:
        Assessment.objects.filter(pk__in=asked, link_sent_at=None).update(link_sent_at=now)


def send_code(assessment: Assessment, contact: Contact, code: str) -> None:
    """At once and by the web process. Its failure shows nowhere but in the log."""
    try:
        composing.code(assessment, contact, code).send()
    except (SMTPException, OSError) as error:
        log.warning("code_not_sent", error=type(error).__name__)
