"""A colleague's way in: a link of its own to some questions, which works while they are asked."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from assessments.models import Assessment, Delegation, DelegationLink

RELATED = (
    "contact", "asked_by", "assessment__contractor", "assessment__supplier", "assessment__contact",
    "assessment__questionnaire",
)  # fmt: skip
LARGE = ("assessment__questionnaire__content",)  # parsed once per process


def issue_link(delegation: Delegation, *, now: datetime) -> str:
    """The whole address, with 256 random bits. Only their digest is kept."""
    token = secrets.token_urlsafe(32)
    DelegationLink.objects.create(
        contractor_id=delegation.contractor_id,
        delegation=delegation,
        digest=_digest(token),
        made_at=now,
    )
    return settings.BASE_URL + reverse("form:colleague", args=[token])


def find(token: str) -> Delegation | None:
    """What the link asks for, as long as it is asked for."""
    links = DelegationLink.objects.filter(digest=_digest(token))
    return with_related(Delegation.objects.running()).filter(links__in=links).first()


def get_running(public_id: UUID) -> Delegation | None:
    """The same by its public id. Whether this browser may see it is asked apart."""
    return with_related(Delegation.objects.running()).filter(public_id=public_id).first()


def with_related(rows: QuerySet[Delegation]) -> QuerySet[Delegation]:
    """All that a page or a letter looks at, in one query."""
    return rows.select_related(*RELATED).defer(*LARGE)


def end(assessment: Assessment, *, now: datetime) -> None:
    """No colleague is asked any more: the answers were handed in, or another is in charge."""
    running = assessment.delegations.filter(ended_at=None)
    running.update(ended_at=now, outcome=Delegation.Outcome.OVERTAKEN)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
