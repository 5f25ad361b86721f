"""Which requests this browser has come into, and how it comes in again after a lost session.

The session keeps `entries`: the public id of each request with the key of this browser's entry;
for the responsible person's browser, that of what is to be confirmed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from assessments import entering
from assessments.errors import TooMany, WrongCode
from assessments.models import Assessment, Confirmation, Entry

ENTRIES: Final = "entries"


@dataclass(frozen=True)
class Knock:
    """What came of trying to come in: inside, or why a code is asked for, and what was wrong."""

    inside: bool
    sentence: str = ""
    mailbox: str = ""
    proof: bool = False  # the code is asked for besides, not because a session was lost


INSIDE: Final = Knock(inside=True)


def entry_of(request: HttpRequest, public_id: object) -> int | None:
    kept = request.session.get(ENTRIES, {}).get(str(public_id))
    return kept if isinstance(kept, int) else None


def keep(request: HttpRequest, about: Assessment | Confirmation, entry: Entry) -> None:
    """A new session key, so that a key known before is worth nothing."""
    request.session.cycle_key()
    kept = request.session.get(ENTRIES, {})
    request.session[ENTRIES] = {**kept, str(about.public_id): entry.pk}


def is_in(request: HttpRequest, assessment: Assessment) -> bool:
    return entering.is_in(assessment, entry_of(request, assessment.public_id))


def is_waiting(request: HttpRequest, assessment: Assessment) -> bool:
    """Whether a code was sent for this browser, right or wrong, old or new."""
    entry_pk = entry_of(request, assessment.public_id)
    return entry_pk is not None and assessment.entries.filter(pk=entry_pk, ended_at=None).exists()


def to_code(public_id: UUID, wanted: str) -> HttpResponseRedirect:
    """To the page that asks for the code, and after it to the page that was wanted."""
    address = reverse("form:code", args=[public_id])
    return HttpResponseRedirect(f"{address}?{urlencode({'to': wanted})}")


def wanted(request: HttpRequest, public_id: UUID) -> str:
    """The page of this request that the reader was on the way to; else the overview."""
    sent = request.POST if request.method == "POST" else request.GET
    try:
        parts = urlsplit(sent.get("to", ""))
        place = resolve(parts.path)
    except (Resolver404, ValueError):
        return reverse("form:overview", args=[public_id])
    if place.app_name == "form" and place.kwargs.get("public_id") == public_id:
        return urlunsplit(parts._replace(scheme="", netloc=""))
    return reverse("form:overview", args=[public_id])


def is_ended(request: HttpRequest, assessment: Assessment) -> bool:
    """Whether this browser came in, or tried to, before somebody else was put in charge."""
    entry_pk = entry_of(request, assessment.public_id)
    if entry_pk is None:
        return False
    return assessment.entries.filter(pk=entry_pk, ended_at__isnull=False).exists()


def knock(
    request: HttpRequest, assessment: Assessment, *, now: datetime, proof: bool = False
) -> Knock:
    """A POST wants to come in: by its session, by the code in it, or else a code is sent.

    With `proof` a browser that came in before there were answers has to show a code too.
    """
    inside = is_in(request, assessment)
    if inside and not (proof and _has_shown_none(request, assessment)):
        return INSIDE
    try:
        if not inside and _tries(request) and is_waiting(request, assessment):
            confirm(request, assessment, now=now)
            return INSIDE
        keep(request, assessment, entering.send_code(assessment, now=now))
    except (TooMany, WrongCode) as refusal:
        return _outside(assessment, str(refusal), proof=proof)
    return _outside(assessment, "", proof=proof)


def may_confirm(request: HttpRequest, confirmation: Confirmation) -> bool:
    """Whether this is a browser of the responsible person; it stays one when all is over."""
    entry_pk = entry_of(request, confirmation.public_id)
    return entering.has_come_to_confirm(confirmation, entry_pk)


def knock_to_confirm(request: HttpRequest, confirmation: Confirmation, *, now: datetime) -> Knock:
    """The same for the responsible person, who always shows a code."""
    if may_confirm(request, confirmation):
        return INSIDE
    mailbox, sentence = entering.masked(confirmation.person.email), ""
    try:
        if _tries(request) and entry_of(request, confirmation.public_id) is not None:
            confirm(request, confirmation, now=now)
            return INSIDE
        entry = entering.send_code_to_confirm(confirmation, now=now)
        keep(request, confirmation, entry)
    except (TooMany, WrongCode) as refusal:
        sentence = str(refusal)
    return Knock(inside=False, sentence=sentence, mailbox=mailbox, proof=True)


def confirm(request: HttpRequest, about: Assessment | Confirmation, *, now: datetime) -> None:
    """Compare the code in the page with the one mailed. Raises `WrongCode`."""
    entry_pk = entry_of(request, about.public_id)
    if entry_pk is None:
        raise WrongCode(_("Ask for a code first."))
    entry = entering.confirm(entry_pk, request.POST.get("code", ""), now=now)
    keep(request, about, entry)


def _has_shown_none(request: HttpRequest, assessment: Assessment) -> bool:
    return not entering.has_shown_code(assessment, entry_of(request, assessment.public_id))


def _tries(request: HttpRequest) -> bool:
    return bool(request.POST.get("code", "").strip()) and request.POST.get("action") != "resend"


def _outside(assessment: Assessment, sentence: str, *, proof: bool) -> Knock:
    mailbox = entering.masked(assessment.contact.email)
    return Knock(inside=False, sentence=sentence, mailbox=mailbox, proof=proof)
