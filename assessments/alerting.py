"""One attempt to send one letter to the contractor's own side, if something is still to be done."""

from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage

from assessments import briefing, calling, posting
from assessments.models import Notice
from contractors.roles import Role
from events.reconnecting import surely


def send(notice: Notice, *, now: datetime) -> None:
    """Send, put off or drop it; only the attempt that was claimed has a say."""
    if notice.kind == Notice.Kind.PHONE and not calling.take(notice, now=now):
        return
    brief, address = briefing.brief(notice, now=now), _address(notice)
    if brief is None or not address:
        Notice.objects.close(notice, now=now, outcome="dropped")
        return
    email = _email(notice, brief, address)
    if Notice.objects.still_claimed(notice).exists():  # whoever slept until now sends nothing
        surely(posting.settle, notice, posting.post(notice, email), now=now)


def _address(notice: Notice) -> str:
    """Of somebody who has left, or keeps the tenant no longer: none."""
    person = notice.person
    if person is None:
        return notice.contractor.reply_to
    return person.email if person.active and person.role == Role.ADMIN else ""


def _email(notice: Notice, brief: briefing.Brief, address: str) -> EmailMessage:
    return EmailMessage(
        brief.subject,
        brief.body,
        from_email=formataddr(("Tasuki", settings.MAIL_FROM)),
        to=[address],
        headers={
            "Message-ID": f"<{notice.message_id}@{settings.MAIL_DOMAIN}>",
            "References": f"<{brief.thread}@{settings.MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
        },
    )
