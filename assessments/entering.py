"""A browser comes in. Once answers exist, a new one must show six digits mailed to the contact.

The responsible person's browser always must, from that person's mailbox; it sees what is to be
confirmed and nothing else.
"""

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import mailing
from assessments.errors import HandedOver, TooMany, WrongCode
from assessments.locking import lock_for_contact
from assessments.models import SENT, Assessment, Confirmation, Entry

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
CODE_PAUSE = timedelta(seconds=60)  # between two codes
CODES_AN_HOUR = 5
ENTRIES_AN_HOUR = 60  # of one request, by whatever links and browsers
HOUR = timedelta(hours=1)


@transaction.atomic
def enter(assessment: Assessment, *, now: datetime) -> Entry:
    """POST on the link. The first browsers come straight in; later ones are mailed a code."""
    assessment = lock_for_contact(assessment)
    mine = assessment.entries.filter(confirmation=None)
    if mine.filter(opened_at__gt=now - HOUR).count() >= ENTRIES_AN_HOUR:
        raise TooMany(_("This page was opened very often. Try again in an hour."))
    if has_answers(assessment):
        return _send_code(assessment, now=now)
    return Entry.objects.create(
        contractor=assessment.contractor, assessment=assessment, opened_at=now, confirmed_at=now
    )


@transaction.atomic
def send_code(assessment: Assessment, *, now: datetime) -> Entry:
    """A new code to the registered mailbox, and the entry that waits for it."""
    return _send_code(lock_for_contact(assessment), now=now)


@transaction.atomic
def send_code_to_confirm(confirmation: Confirmation, *, now: datetime) -> Entry:
    """The same for the responsible person, to that person's mailbox."""
    return _send_code(lock_for_contact(confirmation.assessment), confirmation, now=now)


def confirm(entry_pk: int, code: str, *, now: datetime) -> Entry:
    """Compare the digits (全角 is welcome). Right ones let this browser in; wrong ones count."""
    entry, refusal = _try(entry_pk, code, now=now)
    if refusal:
        raise WrongCode(refusal)
    return entry


@transaction.atomic
def _try(entry_pk: int, code: str, *, now: datetime) -> tuple[Entry, str]:
    """The refusal is returned, not raised: the count of tries must be committed."""
    entry = Entry.objects.select_for_update(no_key=True).get(pk=entry_pk)
    if entry.ended_at is not None:
        raise HandedOver(_("Another person is in charge of this request now."))
    if entry.confirmed_at is not None:
        return entry, ""
    if entry.tries >= CODE_TRIES or now - entry.opened_at > CODE_LIVES:
        return entry, _("This code is used up or too old. Ask for a new one.")
    digits = "".join(each for each in unicodedata.normalize("NFKC", code) if each.isdecimal())
    if secrets.compare_digest(entry.code_digest, _digest(entry.assessment_id, digits)):
        entry.confirmed_at = now
    else:
        entry.tries += 1
    entry.save(update_fields=["confirmed_at", "tries"])
    if entry.confirmed_at is None:
        return entry, _("The code differs. Type the six digits that stand in the newest mail.")
    return entry, ""


def is_in(assessment: Assessment, entry_pk: int | None) -> bool:
    """Whether the browser with this entry may see and change the answers."""
    if entry_pk is None:
        return False
    return assessment.entries.filter(
        pk=entry_pk, confirmation=None, confirmed_at__isnull=False, ended_at=None
    ).exists()


def has_come_to_confirm(confirmation: Confirmation, entry_pk: int | None) -> bool:
    """Whether the browser with this entry came in as the responsible person's, then or now."""
    if entry_pk is None:
        return False
    return confirmation.entries.filter(pk=entry_pk, confirmed_at__isnull=False).exists()


def has_shown_code(assessment: Assessment, entry_pk: int | None) -> bool:
    """Whether its reader also reads the contact's mails; the first browsers came in without."""
    if entry_pk is None:
        return False
    shown = assessment.entries.filter(
        pk=entry_pk, confirmation=None, confirmed_at__isnull=False, ended_at=None
    )
    return shown.exclude(code_digest="").exists()


def end(assessment: Assessment, *, now: datetime) -> None:
    """Every browser that came in, or waits for its code, is out."""
    assessment.entries.filter(ended_at=None).update(ended_at=now)


def masked(email: str) -> str:
    """`s***@example.co.jp`: enough to recognise the own mailbox, not to learn another's."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}***@{domain}"


def has_answers(assessment: Assessment) -> bool:
    """From then on the link alone opens nothing."""
    return assessment.status in SENT or bool(assessment.profile) or assessment.answers.exists()


def _send_code(
    assessment: Assessment, confirmation: Confirmation | None = None, *, now: datetime
) -> Entry:
    to = confirmation.person if confirmation else assessment.contact
    # Others went to another mailbox.
    mine = assessment.entries.filter(confirmation=confirmation, ended_at=None)
    sent = mine.filter(opened_at__gt=now - HOUR).exclude(code_digest="")
    if sent.count() >= CODES_AN_HOUR:
        raise TooMany(_("Five codes were sent within an hour. Try again later."))
    if sent.filter(opened_at__gt=now - CODE_PAUSE).exists():
        raise TooMany(_("A code was sent a moment ago. Wait a minute before asking again."))
    code = f"{secrets.randbelow(10**6):06}"
    entry = Entry.objects.create(
        contractor=assessment.contractor,
        assessment=assessment,
        confirmation=confirmation,
        opened_at=now,
        code_digest=_digest(assessment.pk, code),
    )
    # Somebody waits for it, so it is sent by this process; nobody needs the doorbell to answer.
    transaction.on_commit(lambda: mailing.send_code(assessment, to, code), robust=True)
    return entry


def _digest(assessment_pk: int, code: str) -> str:
    return hashlib.sha256(f"{assessment_pk}:{code}".encode()).hexdigest()
