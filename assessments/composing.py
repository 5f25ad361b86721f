"""What a letter is about is read when it leaves, not when it was owed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from assessments import enlisting, inviting, lettering, watching
from assessments.errors import HandedOver
from assessments.inviting import Way
from assessments.models import BY_ITSELF, LINKLESS, Assessment, Mail, Occasion
from contractors.models import Contractor
from suppliers import opting_out
from suppliers.models import Certification, Contact


def message(
    mail: Mail, occasions: Sequence[Occasion], ways: Mapping[int, Way], *, now: datetime
) -> EmailMessage:
    """One letter about all of them. `ways` are the links made for it, by occasion.

    Refuses with `HandedOver` or `NotAsked` where nothing is to be confirmed any more.
    """
    if len(occasions) == 1:
        return _alone(mail, occasions[0], ways, now=now)
    parts = [_part(mail, each, ways, now=now) for each in occasions]
    about = parts[0].about
    letter = lettering.combined(about.contractor, about.supplier, mail.contact, parts)
    return _threaded(mail, about, letter, by_itself=True)


def _part(
    mail: Mail, occasion: Occasion, ways: Mapping[int, Way], *, now: datetime
) -> lettering.Part:
    kind = Occasion.Kind(occasion.kind)
    if certification := occasion.certification:
        return lettering.Part(kind, certification, _link(mail, certification, now=now))
    assert occasion.assessment
    return lettering.Part(kind, occasion.assessment, ways[occasion.pk].address)


def _alone(
    mail: Mail, occasion: Occasion, ways: Mapping[int, Way], *, now: datetime
) -> EmailMessage:
    kind = Occasion.Kind(occasion.kind)
    if occasion.assessment:
        link = _way(mail, occasion, ways, now=now)
        return about_request(mail, occasion.assessment, kind, link=link, now=now)
    if delegation := occasion.delegation:
        link = enlisting.issue_link(delegation, now=now)
        letter = lettering.delegated(delegation, mail.contact, link=link)
        return _threaded(mail, delegation.assessment, letter, by_itself=kind in BY_ITSELF)
    assert occasion.certification
    link = _link(mail, occasion.certification, now=now)
    letter = lettering.about(occasion.certification, mail.contact, kind, link=link)
    return _threaded(mail, occasion.certification, letter, by_itself=True)


def _way(mail: Mail, occasion: Occasion, ways: Mapping[int, Way], *, now: datetime) -> str:
    """Where a letter of its own leads, if anywhere."""
    assert occasion.assessment
    if occasion.kind == Occasion.Kind.CONFIRMATION:
        return inviting.issue_link_to_confirm(occasion.assessment, mail.contact, now=now)
    return "" if occasion.kind in LINKLESS else ways[occasion.pk].address


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
    if asked is None or asked.contact.person() != mail.contact.person():
        return ""  # a common letter may be owed to another row of the same person
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
