"""One attempt to send one letter: it leaves, is put off, bounces, or is dropped."""

from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused

import structlog
from django.db import transaction

from assessments import composing, rechecking
from assessments.errors import HandedOver
from assessments.models import FIRST, Assessment, Mail, Occasion
from contractors.actors import SYSTEM
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers.models import Contact

log = structlog.get_logger(__name__)


def send(mail: Mail, *, now: datetime) -> None:
    """Send, put off or drop the letter; only the attempt that was claimed has a say."""
    occasion = rechecking.true_occasion(mail, now=now)
    if occasion is None:
        Mail.objects.close(mail, now=now, outcome="dropped")
        return
    try:
        composing.message(mail, occasion, now=now).send()
    except HandedOver:
        Mail.objects.close(mail, now=now, outcome="dropped")
    except (SMTPException, OSError) as error:
        _failed(mail, error, now=now)
    else:
        _sent(mail, occasion, now=now)


def send_code(assessment: Assessment, code: str) -> None:
    """At once and by the web process. Its failure shows nowhere but in the log."""
    try:
        composing.code(assessment, code).send()
    except (SMTPException, OSError) as error:
        log.warning("code_not_sent", error=type(error).__name__)


def _sent(mail: Mail, occasion: Occasion, *, now: datetime) -> None:
    closed = Mail.objects.close(mail, now=now, outcome="sent")
    if closed and occasion.assessment and occasion.kind in FIRST:
        unsent = Assessment.objects.filter(pk=occasion.assessment.pk, link_sent_at=None)
        unsent.update(link_sent_at=now)


def _failed(mail: Mail, error: Exception, *, now: datetime) -> None:
    """A mailbox that does not exist is given up; everything else may pass by itself."""
    codes = _refusals(error)
    log.warning("mail_not_sent", error=type(error).__name__, codes=codes, attempt=mail.attempt)
    if codes and all(500 <= code < 600 for code in codes):
        _bounce(mail, now=now)
    else:
        Mail.objects.put_off(mail, now=now, outcome="put-off")


def _refusals(error: Exception) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return []


@transaction.atomic
def _bounce(mail: Mail, *, now: datetime) -> None:
    if not Mail.objects.close(mail, now=now, outcome="bounced"):
        return
    active = Contact.objects.filter(pk=mail.contact_id, status=Contact.Status.ACTIVE)
    if active.update(status=Contact.Status.BOUNCED):
        supplier = mail.contact.supplier
        happening = Happening(Kind.CONTACT_BOUNCED, supplier.public_id, ["contacts"])
        recording.record(supplier.contractor, [happening], actor=SYSTEM, now=now)
