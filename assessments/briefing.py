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

from assessments import agenda, awaiting, calling, counting, lettering, retracing, wording
from assessments.locking import with_related
from assessments.models import Assessment, Campaign, Consultation, Notice
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
    since = date_format(timezone.localtime(notice.waiting_since), _("F j, Y (D)"))
    return _of_thread(notice, thread, {"since": since})


def _settled(notice: Notice, now: datetime) -> Brief | None:  # noqa: ARG001  # likewise
    rows = Consultation.objects.filter(notices=notice)
    thread = rows.select_related("contractor", "assessment__supplier").get()
    agreed = thread.state == Consultation.State.AGREED
    return _of_thread(notice, thread, {"agreed": agreed})


def _of_thread(notice: Notice, thread: Consultation, told: dict[str, Any]) -> Brief:
    context = told | {
        "supplier": plain(thread.assessment.supplier.name),
        "number": thread.assessment.readable_number(),
        "person": _greeted(notice),
        "kind": thread.kind,
        "link": awaiting.address(thread),
    }
    return _written(f"talks_{notice.kind}", thread.public_id, notice.contractor, context)


def _phone(notice: Notice, now: datetime) -> Brief | None:
    """About one request with all that was written; about several, whom to phone."""
    found = calling.to_phone(notice)
    first = list(with_related(found).order_by("due_on", "number")[: calling.MOST])
    if len(first) < 2:
        return _call(notice, first[0], now=now) if first else None
    contractor, count = notice.contractor, found.count()
    context = {
        "contractor": plain(contractor.name),
        "person": _greeted(notice),
        "count": count,
        "more": count - len(first),
        "calls": [_to_phone(each) for each in first],
        "link": settings.BASE_URL + reverse("work-list") + "?flag=phone",
    }
    return _written("phone_several", contractor.public_id, contractor, context)


def _call(notice: Notice, assessment: Assessment, *, now: datetime) -> Brief:
    context = _to_phone(assessment) | {
        "person": _greeted(notice),
        "days": (timezone.localdate(now) - assessment.due_on).days,
        "remaining": lettering.remaining(assessment),
        "letters": [
            {"day": date_format(timezone.localtime(each.at), _("F j")), "name": each.name()}
            for each in retracing.left(assessment)
        ],
        "link": subject("assessment", assessment.public_id)["url"],
    }
    return _written("phone", assessment.public_id, notice.contractor, context)


def _to_phone(assessment: Assessment) -> dict[str, Any]:
    """Who is silent, about what, and how to reach them."""
    contact = assessment.contact
    named = filter(None, map(plain, (contact.department, contact.title, contact.name)))
    return {
        "supplier": plain(assessment.supplier.name),
        "number": assessment.readable_number(),
        "status": assessment.status,
        "due": date_format(assessment.due_on, _("F j, Y (D)")),
        "contact": " ".join(named),
        "phone": plain(contact.phone),
        "unreachable": contact.status != contact.Status.ACTIVE,
    }


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
    Kind.SETTLED: _settled,
    Kind.PHONE: _phone,
    Kind.DIGEST: _digest,
    Kind.CLOSED: _closed,
}
