"""One attempt to send one letter to the contractor's own side, if the supplier still waits."""

from datetime import datetime
from email.utils import formataddr
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import awaiting, wording
from assessments.models import Consultation, Notice
from assessments.wording import plain
from contractors.roles import Role

log = structlog.get_logger(__name__)


def send(notice: Notice, *, now: datetime) -> None:
    """Send, put off or drop it; only the attempt that was claimed has a say."""
    thread, address = _still_waiting(notice), _address(notice)
    if thread is None or not address:
        Notice.objects.close(notice, now=now, outcome="dropped")
        return
    try:
        _email(notice, thread, address).send()
    except (SMTPException, OSError) as error:
        log.warning("notice_not_sent", error=type(error).__name__, attempt=notice.attempt)
        Notice.objects.put_off(notice, now=now, outcome="put-off")
    else:
        Notice.objects.close(notice, now=now, outcome="sent")


def _still_waiting(notice: Notice) -> Consultation | None:
    """Read again inside the claim: answered or ended meanwhile means no letter."""
    rows = Consultation.objects.pausing().filter(
        pk=notice.consultation_id, waiting_since=notice.waiting_since
    )
    return rows.select_related("contractor", "assessment__supplier").first()


def _address(notice: Notice) -> str:
    """Of somebody who has left, or keeps the tenant no longer: none."""
    person = notice.person
    if person is None:
        return notice.contractor.reply_to
    return person.email if person.active and person.role == Role.ADMIN else ""


def _email(notice: Notice, thread: Consultation, address: str) -> EmailMessage:
    contractor, language = thread.contractor, thread.contractor.language
    since = timezone.localtime(notice.waiting_since)
    with translation.override(language):
        context = {
            "supplier": plain(thread.assessment.supplier.name),
            "number": thread.assessment.readable_number(),
            "person": plain(contractor.person if notice.person is None else notice.person.name),
            "kind": thread.kind,
            "since": date_format(since, _("F j, Y (D)")),
            "link": awaiting.address(thread),
        }
        template = f"assessments/mail/{language}/talks_{notice.kind}.txt"
        subject, body = wording.letter(render_to_string(template, context))
    return EmailMessage(
        subject,
        body,
        from_email=formataddr(("Tasuki", settings.MAIL_FROM)),
        to=[address],
        headers={
            "Message-ID": f"<{notice.message_id}@{settings.MAIL_DOMAIN}>",
            "References": f"<{thread.public_id}@{settings.MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
        },
    )
