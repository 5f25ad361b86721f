"""One attempt to send one letter. What it is about is read when it leaves, not when it was owed."""

from datetime import datetime
from email.utils import formataddr
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments import awaiting, inviting, lettering, watching
from assessments.errors import HandedOver
from assessments.locking import LARGE, RELATED
from assessments.models import LIVING, OPEN, SENT, Assessment, Mail, Occasion, Status
from contractors.actors import SYSTEM
from contractors.models import Contractor
from events import bell, recording
from events.models import Kind
from events.recording import Happening
from suppliers import days, opting_out
from suppliers.models import Certification, Contact, Supplier

log = structlog.get_logger(__name__)

STILL_TRUE: Final = {  # the statuses in which a letter still says something
    Occasion.Kind.INVITATION: OPEN,
    Occasion.Kind.BEFORE_DUE: OPEN,
    Occasion.Kind.AFTER_DUE: OPEN,
    Occasion.Kind.REMINDER: OPEN,
    Occasion.Kind.EXTENDED: OPEN,
    Occasion.Kind.RETURNED: frozenset({Status.RETURNED}),
    Occasion.Kind.CONSULTATION: LIVING,
    Occasion.Kind.READERS: LIVING,
    Occasion.Kind.HANDED_OVER: OPEN,
    Occasion.Kind.HANDED_OVER_COPY: LIVING,
    Occasion.Kind.RECEIPT: SENT,
    Occasion.Kind.RECEIPT_COPY: SENT,
}

REMINDERS: Final = frozenset(
    {Occasion.Kind.BEFORE_DUE, Occasion.Kind.AFTER_DUE, Occasion.Kind.REMINDER}
)
COPIES: Final = frozenset(  # to somebody besides the contact; their link would be another's
    {Occasion.Kind.RECEIPT_COPY, Occasion.Kind.HANDED_OVER_COPY}
)
FIRST: Final = frozenset({Occasion.Kind.INVITATION, Occasion.Kind.HANDED_OVER})
BY_ITSELF: Final = REMINDERS | FIRST  # nobody waits for these: each says how they are stopped


def owe(assessment: Assessment, contact: Contact, kind: Occasion.Kind, *, now: datetime) -> None:
    """Write down that this person is to be written to, and wake the workers."""
    mail = Mail.objects.create(contractor=assessment.contractor, contact=contact, due_at=now)
    Occasion.objects.create(
        contractor=assessment.contractor,
        assessment=assessment,
        mail=mail,
        kind=kind,
        arose_on=timezone.localdate(now),
    )
    bell.ring("assessments.send_mail")


def owe_anew(
    assessment: Assessment, contact: Contact, kind: Occasion.Kind, *, now: datetime
) -> None:
    """For what may happen twice in a day. A letter yet to leave tells all: it is read then."""
    today = timezone.localdate(now)
    earlier = assessment.occasions.filter(kind=kind, arose_on=today).select_related("mail").first()
    if earlier is None:
        owe(assessment, contact, kind, now=now)
    elif earlier.mail.closed_at is not None or earlier.mail.contact_id != contact.pk:
        earlier.mail = Mail.objects.create(
            contractor=assessment.contractor, contact=contact, due_at=now
        )
        earlier.save(update_fields=["mail"])
        bell.ring("assessments.send_mail")


def drop(assessment: Assessment, contact: Contact, *, now: datetime) -> None:
    """What has not left yet and has nothing to say to who is not in charge any more."""
    about = Occasion.objects.filter(assessment=assessment, mail__contact=contact)
    owed = Mail.objects.filter(pk__in=about.exclude(kind__in=COPIES).values("mail"), closed_at=None)
    owed.update(closed_at=now, due_at=None, outcome="dropped")


def send(mail: Mail, *, now: datetime) -> None:
    """Send, put off or drop the letter; only the attempt that was claimed has a say."""
    occasion = _true_occasion(mail) or _true_certificate(mail, now=now)
    if occasion is None:
        Mail.objects.close(mail, now=now, outcome="dropped")
        return
    try:
        _message(mail, occasion, now=now).send()
    except HandedOver:
        Mail.objects.close(mail, now=now, outcome="dropped")
    except (SMTPException, OSError) as error:
        _failed(mail, error, now=now)
    else:
        _sent(mail, occasion, now=now)


def send_code(assessment: Assessment, code: str) -> None:
    """At once and by the web process. Its failure shows nowhere but in the log."""
    letter = lettering.code(assessment, code)
    try:
        _email(assessment.contractor, assessment.contact, letter, {}).send()
    except (SMTPException, OSError) as error:
        log.warning("code_not_sent", error=type(error).__name__)


def _true_occasion(mail: Mail) -> Occasion | None:
    """Read again inside the claim: answered, cancelled, bounced or archived means no letter."""
    rows = Occasion.objects.filter(mail=mail).select_related(
        *(f"assessment__{name}" for name in RELATED)
    )
    rows = rows.defer(*(f"assessment__{name}" for name in LARGE))
    living = rows.filter(
        assessment__status__in=LIVING,
        assessment__supplier__status=Supplier.Status.ACTIVE,
        mail__contact__status=Contact.Status.ACTIVE,
    )
    for occasion in living:
        assert occasion.assessment
        kind = Occasion.Kind(occasion.kind)
        meant = kind in COPIES or occasion.assessment.contact_id == mail.contact_id
        true = meant and occasion.assessment.status in STILL_TRUE[kind]
        if true and not _waits(occasion.assessment, kind):
            return occasion
    return None


def _waits(assessment: Assessment, kind: Occasion.Kind) -> bool:
    """Nobody who waits for an answer is reminded, nor does the clock remind while both talk."""
    if kind not in REMINDERS:
        return False
    talks = kind != Occasion.Kind.REMINDER and assessment.consultations.open().exists()
    return talks or awaiting.is_ignored(assessment.supplier)


def _true_certificate(mail: Mail, *, now: datetime) -> Occasion | None:
    rows = Occasion.objects.filter(
        mail=mail,
        certification__supplier__status=Supplier.Status.ACTIVE,
        mail__contact__status=Contact.Status.ACTIVE,
    )
    today = days.in_japan(now)
    for occasion in rows.select_related("certification__contractor", "certification__supplier"):
        assert occasion.certification
        kind = Occasion.Kind(occasion.kind)
        if watching.still_true(occasion.certification, kind, today=today):
            return occasion
    return None


def _message(mail: Mail, occasion: Occasion, *, now: datetime) -> EmailMessage:
    kind = Occasion.Kind(occasion.kind)
    if occasion.assessment:
        link = "" if kind in COPIES else inviting.issue_link(occasion.assessment, now=now)
        letter = lettering.letter(occasion.assessment, mail.contact, kind, link=link)
        return _threaded(mail, occasion.assessment, letter, by_itself=kind in BY_ITSELF)
    assert occasion.certification
    link = _link(mail, occasion.certification, now=now)
    letter = lettering.about(occasion.certification, mail.contact, kind, link=link)
    return _threaded(mail, occasion.certification, letter, by_itself=True)


def _link(mail: Mail, certification: Certification, *, now: datetime) -> str:
    """To the newest request of the same person: whoever opens it acts for its contact."""
    asked = watching.request_of(certification.supplier)
    if asked is None or asked.contact_id != mail.contact_id:
        return ""
    try:
        return inviting.issue_link(asked, now=now)
    except HandedOver:  # a moment ago; the letter about the certificate is true all the same
        return ""


def _threaded(
    mail: Mail, about: Assessment | Certification, letter: lettering.Letter, *, by_itself: bool
) -> EmailMessage:
    thread = f"<{about.public_id}@{settings.MAIL_DOMAIN}>"
    headers = {
        "Message-ID": f"<{mail.message_id}@{settings.MAIL_DOMAIN}>",
        "References": thread,
        "In-Reply-To": thread,
    }
    if by_itself:
        address = reverse("form:opt_out", args=[opting_out.token(mail.contact)])
        headers["List-Unsubscribe"] = f"<{settings.BASE_URL}{address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return _email(about.contractor, mail.contact, letter, headers)


def _email(
    contractor: Contractor,
    contact: Contact,
    letter: lettering.Letter,
    headers: dict[str, str],
) -> EmailMessage:
    return EmailMessage(
        letter.subject,
        letter.body,
        from_email=formataddr((letter.sender, settings.MAIL_FROM)),
        to=[contact.email],
        reply_to=[contractor.reply_to] if contractor.reply_to else None,
        headers={"Auto-Submitted": "auto-generated", **headers},
    )


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
