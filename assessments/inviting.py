"""The supplier's way in: every mail gets a link of its own, and all work until revoked."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from assessments.locking import hold_for_contact, with_related
from assessments.models import LIVING, Assessment, Link


@transaction.atomic
def issue_link(assessment: Assessment, *, now: datetime) -> str:
    """The whole address, with 256 random bits. Only their digest is kept.

    Refuses to make one for a contact who is not in charge any more: none would revoke it.
    """
    hold_for_contact(assessment)
    token = secrets.token_urlsafe(32)
    Link.objects.create(
        contractor_id=assessment.contractor_id,
        assessment_id=assessment.pk,
        digest=_digest(token),
        made_at=now,
    )
    return settings.BASE_URL + reverse("form:start", args=[token])


def find(token: str) -> Assessment | None:
    """The assessment behind a link that still leads somewhere."""
    links = Link.objects.filter(digest=_digest(token), revoked_at=None)
    return _living().filter(links__in=links).first()


def was_handed_over(token: str) -> bool:
    """Whether this link ended because somebody else was put in charge."""
    changed = Link.objects.filter(
        digest=_digest(token),
        assessment__status__in=LIVING,
        revoked_at__lte=F("assessment__contact_changed_at"),
    )
    return changed.exists()


def get_living(public_id: UUID) -> Assessment | None:
    """The same by its public id; whether this browser may see it is `entering.is_in`'s."""
    return _living().filter(public_id=public_id).first()


def revoke_links(assessment: Assessment, *, now: datetime) -> None:
    """All links end, and with the status every browser that came by them."""
    assessment.links.filter(revoked_at=None).update(revoked_at=now)


def _living() -> QuerySet[Assessment]:
    return with_related(Assessment.objects.filter(status__in=LIVING))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
