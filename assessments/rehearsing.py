"""The invitation of a campaign, sent to the person who asks to see it and to nobody else.

It is written about the first supplier that can be asked, as the real one will be. What is made for
it is taken back before it is sent, and its link leads to nobody's answers.
"""

from datetime import datetime
from email.utils import formataddr
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from assessments import gauging, lettering, preparing, wording
from assessments.errors import MailNotSent, NobodyToAsk
from assessments.gauging import Wish
from assessments.lettering import Letter
from assessments.models import Assessment, Campaign, Occasion
from contractors.models import Contractor, User
from suppliers.models import Contact, Supplier

NOWHERE: Final = "test"  # instead of the secret of a link


def rehearse(campaign: Campaign, *, person: User, now: datetime) -> None:
    """Send the test; refused where the mail server does not take it."""
    preparing.check_profile(campaign.contractor)
    letter = _letter(campaign, _reader(campaign.contractor, person), now=now)
    message = EmailMessage(
        letter.subject,
        letter.body,
        from_email=formataddr((letter.sender, settings.MAIL_FROM)),
        to=[person.email],
        reply_to=[campaign.contractor.reply_to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (SMTPException, OSError) as error:
        raise MailNotSent(_("The mail server did not take the test mail. Try again.")) from error


def _reader(contractor: Contractor, person: User) -> Contact:
    """The person as the supplier's would be written to. It is stored nowhere."""
    return Contact(
        contractor=contractor, name=person.name, email=person.email, language=contractor.language
    )


def _letter(campaign: Campaign, reader: Contact, *, now: datetime) -> Letter:
    with transaction.atomic():
        request = _request(campaign, now=now)
        link = settings.BASE_URL + reverse("form:start", args=[NOWHERE])
        letter = lettering.letter(request, reader, Occasion.Kind.INVITATION, link=link, now=now)
        transaction.set_rollback(True)
    return _marked(letter, campaign, reader)


def _request(campaign: Campaign, *, now: datetime) -> Assessment:
    suppliers = gauging.askable(gauging.members(campaign), Wish.of(campaign), now=now)
    with_contact = suppliers.annotate(first_contact=gauging.first_contact())
    supplier: Supplier | None = with_contact.order_by("pk").first()
    if supplier is None:
        raise NobodyToAsk(
            _("None of the suppliers of this campaign can be asked. Add suppliers that can."),
            unaskable=[],
        )
    return Assessment.objects.create(
        contractor=campaign.contractor,
        campaign=campaign,
        supplier=supplier,
        contact_id=supplier.first_contact,  # type: ignore[attr-defined]  # annotated
        questionnaire=campaign.questionnaire,
        profile_questionnaire=preparing.profile_for(campaign.questionnaire),
        number=preparing.take_numbers(campaign.contractor, 1)[0],
        due_on=campaign.due_on,
        implement_by=campaign.implement_by,
        message=campaign.message,
        requirements=campaign.requirements,
        requested_at=now,
    )


def _marked(letter: Letter, campaign: Campaign, reader: Contact) -> Letter:
    """Nobody takes it for the real one, and nobody wonders about its link."""
    with translation.override(reader.language):
        head = _(
            "This is a test of the campaign “%(name)s”. It went to you alone; suppliers get it"
            " after the launch. Its link is a sample and opens no answers."
        ) % {"name": wording.plain(campaign.name)}
        subject = wording.subject(_("Test: %(subject)s") % {"subject": letter.subject})
    return Letter(letter.sender, subject, f"{wording.fold(head)}\n\n{letter.body}")
