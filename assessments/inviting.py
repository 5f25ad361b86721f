"""The supplier's way in: every mail gets a link of its own, and all work until revoked.

The responsible person's link leads to what is to be confirmed alone, while it is asked for.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.errors import NotAsked
from assessments.locking import hold_for_contact, with_related
from assessments.models import (
    ELSEWHERE,
    LINKLESS,
    LIVING,
    OPEN,
    Assessment,
    Confirmation,
    Link,
    Occasion,
)
from suppliers.models import Contact

UNLIKE: Final = LINKLESS | ELSEWHERE  # letters that lead nowhere, or not to the request


class Way(NamedTuple):
    """The whole address of a link, and the key of the contact for whom it was made."""

    address: str
    contact: int


@transaction.atomic
def issue_link(assessment: Assessment, *, now: datetime) -> str:
    """The whole address, with 256 random bits. Only their digest is kept.

    Refuses to make one for a contact who is not in charge any more: none would revoke it.
    """
    hold_for_contact(assessment)
    return _issue("form:start", assessment, None, now=now)


@transaction.atomic
def issue_link_to_confirm(assessment: Assessment, person: Contact, *, now: datetime) -> str:
    """The same for the responsible person. Refuses once the confirmation is not asked any more."""
    hold_for_contact(assessment)
    asked = assessment.confirmations.asked().filter(person=person).first()
    if asked is None:
        raise NotAsked(_("This confirmation is not asked for any more."))
    return _issue("form:confirm_at_link", assessment, asked, now=now)


def _issue(
    page: str, assessment: Assessment, confirmation: Confirmation | None, *, now: datetime
) -> str:
    link, address = _made(page, assessment.contractor_id, assessment.pk, now=now)
    link.confirmation = confirmation
    link.save(force_insert=True)
    return address


@transaction.atomic
def issue_links(occasions: Iterable[Occasion], *, now: datetime) -> dict[int, Way]:
    """One for each of these that leads into its request, by its key. It is for whoever is in charge
    now: whoever takes over later revokes it.
    """
    linked = [each.pk for each in occasions if each.assessment_id and each.kind not in UNLIKE]
    rows = Assessment.objects.filter(occasions__in=linked)
    held = rows.order_by("pk").select_for_update(no_key=True)
    told = held.values_list("occasions", "contractor", "pk", "contact")
    made = {key: (_made("form:start", of, pk, now=now), to) for key, of, pk, to in told}
    Link.objects.bulk_create(link for (link, _address), _contact in made.values())
    return {key: Way(address, contact) for key, ((_link, address), contact) in made.items()}


def _made(page: str, contractor: int, assessment: int, *, now: datetime) -> tuple[Link, str]:
    """A link that is not stored yet, and its whole address."""
    token = secrets.token_urlsafe(32)
    link = Link(
        contractor_id=contractor, assessment_id=assessment, digest=_digest(token), made_at=now
    )
    return link, settings.BASE_URL + reverse(page, args=[token])


def find(token: str) -> Assessment | None:
    """The assessment behind a link that still leads somewhere."""
    links = Link.objects.filter(digest=_digest(token), confirmation=None, revoked_at=None)
    return _living().filter(links__in=links).first()


def find_confirmation(token: str) -> Confirmation | None:
    """What the responsible person's link leads to, while it is asked for."""
    links = Link.objects.filter(digest=_digest(token), revoked_at=None)
    asked = Confirmation.objects.asked().filter(links__in=links)
    return _whole(asked.filter(assessment__status__in=OPEN))


def get_confirmation(public_id: UUID) -> Confirmation | None:
    """By its public id, however it ended; whether this browser may see it is `entering`'s."""
    return _whole(Confirmation.objects.filter(public_id=public_id))


def was_handed_over(token: str) -> bool:
    """Whether this link ended because somebody else was put in charge."""
    changed = Link.objects.filter(
        digest=_digest(token),
        confirmation=None,
        assessment__status__in=LIVING,
        revoked_at__lte=F("assessment__contact_changed_at"),
    )
    return changed.exists()


def get_living(public_id: UUID) -> Assessment | None:
    """The same by its public id; whether this browser may see it is `entering.is_in`'s.

    With the state of its newest confirmation: pages tell it, acts look again.
    """
    newest = Confirmation.objects.filter(assessment=OuterRef("pk")).order_by("-pk")
    rows = _living().annotate(confirmation=Subquery(newest.values("state")[:1]))
    return rows.filter(public_id=public_id).first()


def confirmation_state(assessment: Assessment) -> str | None:
    """Of the newest confirmation, when `get_living` read the request; None where there is none."""
    state: str | None = vars(assessment)["confirmation"]
    return state


def revoke_links(assessment: Assessment, *, now: datetime) -> None:
    """All links end, and with the status every browser that came by them."""
    assessment.links.filter(revoked_at=None).update(revoked_at=now)
    close_confirmations([assessment.pk], now=now)


def close_confirmations(requests: Collection[int], *, now: datetime) -> None:
    """Nobody is asked to confirm any more what has ended or somebody else is in charge of."""
    asked = Confirmation.objects.asked().filter(assessment__in=requests)
    asked.update(state=Confirmation.State.CLOSED, ended_at=now)


def _whole(rows: QuerySet[Confirmation]) -> Confirmation | None:
    """With all that a page looks at; none of what was erased."""
    found = rows.filter(assessment__erased_at=None).select_related("person").first()
    if found:
        found.assessment = with_related(Assessment.objects.all()).get(pk=found.assessment_id)
    return found


def _living() -> QuerySet[Assessment]:
    return with_related(Assessment.objects.filter(status__in=LIVING))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
