"""What a letter to the contractor's own side says, read when it leaves and not when it was owed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import agenda, awaiting, counting, lettering, retracing, wording
from assessments.locking import with_related
from assessments.models import WAITING, Assessment, Campaign, Consultation, Notice
from assessments.wording import plain
from contractors.models import Contractor
from events.models import subject
from suppliers import days

TEMPLATES: Final = "assessments/mail/{language}/{name}.txt"
Kind = Notice.Kind


@dataclass(frozen=True)
class Brief:
    """`thread` is the public id of what it is about, by which mail programs keep it together."""

    thread: UUID
    subject: str
    body: str


def brief(notice: Notice, *, now: datetime) -> Brief | None:
    """None where nothing of it is true any more. In the contractor's language."""
    with translation.override(notice.contractor.language):
        return BRIEFS[Kind(notice.kind)](notice, now)


def _talks(notice: Notice, now: datetime) -> Brief | None:  # noqa: ARG001  # true at any hour
    """Answered or ended meanwhile means no letter."""
    assert notice.consultation_id
    assert notice.waiting_since
    rows = Consultation.objects.pausing().filter(
        pk=notice.consultation_id, waiting_since=notice.waiting_since
    )
    thread = rows.select_related("contractor", "assessment__supplier").first()
    if thread is None:
        return None
    context = {
        "supplier": plain(thread.assessment.supplier.name),
        "number": thread.assessment.readable_number(),
        "person": _greeted(notice),
        "kind": thread.kind,
        "since": date_format(timezone.localtime(notice.waiting_since), _("F j, Y (D)")),
        "link": awaiting.address(thread),
    }
    return _written(f"talks_{notice.kind}", thread.public_id, notice.contractor, context)


def _phone(notice: Notice, now: datetime) -> Brief | None:
    """Answered, extended or talked about meanwhile means that nobody is to be phoned."""
    assert notice.assessment_id
    assert notice.day
    rows = Assessment.objects.filter(
        pk=notice.assessment_id, due_on=notice.day, status__in=WAITING
    ).exclude(consultations__in=Consultation.objects.pausing())
    assessment = with_related(rows).first()
    if assessment is None:
        return None
    contact = assessment.contact
    context = {
        "supplier": plain(assessment.supplier.name),
        "number": assessment.readable_number(),
        "person": _greeted(notice),
        "contact": " ".join(
            filter(None, map(plain, (contact.department, contact.title, contact.name)))
        ),
        "phone": plain(contact.phone),
        "unreachable": contact.status != contact.Status.ACTIVE,
        "due": date_format(assessment.due_on, _("F j, Y (D)")),
        "days": (timezone.localdate(now) - assessment.due_on).days,
        "status": assessment.status,
        "remaining": lettering.remaining(assessment),
        "letters": [
            {"day": date_format(timezone.localtime(each.at), _("F j")), "name": each.name()}
            for each in retracing.left(assessment)
        ],
        "link": subject("assessment", assessment.public_id)["url"],
    }
    return _written("phone", assessment.public_id, notice.contractor, context)


def _digest(notice: Notice, now: datetime) -> Brief | None:
    """Counts of this moment; with all done, or on another day, nothing."""
    contractor, today = notice.contractor, days.in_japan(now)
    counts = agenda.counts(contractor, today)
    if notice.day != today or not any(counts.values()):
        return None
    context = counts | {
        "contractor": plain(contractor.name),
        "person": _greeted(notice),
        "day": date_format(today, _("F j")),
        "link": settings.BASE_URL + reverse("work-list"),
    }
    return _written("digest", contractor.public_id, contractor, context)


def _closed(notice: Notice, now: datetime) -> Brief | None:
    """How far its requests came, as of this moment."""
    assert notice.campaign_id
    campaign = Campaign.objects.get(pk=notice.campaign_id)
    found = counting.counts([campaign], today=days.in_japan(now))[campaign.pk]
    context = found | {
        "name": plain(campaign.name),
        "person": _greeted(notice),
        "link": subject("campaign", campaign.public_id)["url"],
    }
    return _written("closed", campaign.public_id, notice.contractor, context)


def _greeted(notice: Notice) -> str:
    person = notice.person
    return plain(notice.contractor.person if person is None else person.name)


def _written(name: str, thread: UUID, contractor: Contractor, context: dict[str, Any]) -> Brief:
    template = TEMPLATES.format(language=contractor.language, name=name)
    return Brief(thread, *wording.letter(render_to_string(template, context)))


BRIEFS: Final[dict[Notice.Kind, Callable[[Notice, datetime], Brief | None]]] = {
    Kind.OPENED: _talks,
    Kind.WRITTEN: _talks,
    Kind.WAITING: _talks,
    Kind.UNANSWERED: _talks,
    Kind.PHONE: _phone,
    Kind.DIGEST: _digest,
    Kind.CLOSED: _closed,
}
