"""What a letter is about is read when it leaves, not when it was owed."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import inviting, lettering, watching
from assessments.errors import HandedOver
from assessments.models import BY_ITSELF, LINKLESS, Assessment, Mail, Occasion
from assessments.reasons import Reason
from contractors.models import Contractor
from suppliers import opting_out
from suppliers.models import Certification, Contact


def message(mail: Mail, occasions: Sequence[Occasion], *, now: datetime) -> EmailMessage:
    """One letter about all of them. Refuses with `HandedOver` where another person is in charge,
    and with `NotAsked` where nothing is to be confirmed any more.
    """
    if len(occasions) == 1:
        return _alone(mail, occasions[0], now=now)
    letters = [part for each in occasions if (part := _part(mail, each, now=now))]
    if not letters:
        raise HandedOver(_("Another person is in charge of this request now."))
    about = occasions[0].assessment or occasions[0].certification
    assert about
    letter = lettering.combined(about.contractor, about.supplier, mail.contact, letters)
    return _threaded(mail, about, letter, by_itself=True)


def _part(mail: Mail, occasion: Occasion, *, now: datetime) -> lettering.Part | None:
    """What the common letter says of it; nothing, once somebody else is in charge of it."""
    if certification := occasion.certification:
        link = _link(mail, certification, now=now)
        return lettering.Part(Occasion.Kind(occasion.kind), certification, link)
    assert occasion.assessment
    try:
        link = inviting.issue_link(occasion.assessment, now=now)
    except HandedOver:
        Occasion.objects.filter(pk=occasion.pk).update(left_out=Reason.HANDED_OVER)
        return None
    return lettering.Part(Occasion.Kind(occasion.kind), occasion.assessment, link)


def _alone(mail: Mail, occasion: Occasion, *, now: datetime) -> EmailMessage:
    kind = Occasion.Kind(occasion.kind)
    if occasion.assessment:
        link = _way(mail, occasion.assessment, kind, now=now)
        return about_request(mail, occasion.assessment, kind, link=link, now=now)
    assert occasion.certification
    link = _link(mail, occasion.certification, now=now)
    letter = lettering.about(occasion.certification, mail.contact, kind, link=link)
    return _threaded(mail, occasion.certification, letter, by_itself=True)


def _way(mail: Mail, assessment: Assessment, kind: Occasion.Kind, *, now: datetime) -> str:
    """Where a letter of its own leads, if anywhere."""
    if kind is Occasion.Kind.CONFIRMATION:
        return inviting.issue_link_to_confirm(assessment, mail.contact, now=now)
    return "" if kind in LINKLESS else inviting.issue_link(assessment, now=now)


def about_request(
    mail: Mail, assessment: Assessment, kind: Occasion.Kind, *, link: str, now: datetime
) -> EmailMessage:
    """A letter of its own about a request, of what was read before."""
    letter = lettering.letter(assessment, mail.contact, kind, link=link, now=now)
    return _threaded(mail, assessment, letter, by_itself=kind in BY_ITSELF)


def code(assessment: Assessment, contact: Contact, digits: str) -> EmailMessage:
    """Six digits for the browser that came after answers exist."""
    letter = lettering.code(assessment, contact, digits)
    return _email(assessment.contractor, contact, letter, {})


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
