"""To whom of the contractor's people the answers of a request are open, and a change of that.

What the supplier was told binds. Whoever is let in later is let in by a letter, never unseen.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import owing
from assessments.errors import NoContact, WrongStatus
from assessments.locking import lock
from assessments.models import LIVING, Assessment, Occasion, Status
from contractors.actors import Actor
from contractors.roles import Role, Roles
from events import recording
from events.models import Kind
from events.recording import Happening
from suppliers.models import Contact, Supplier


@transaction.atomic
def share(
    assessment: Assessment, roles: Collection[Role], *, actor: Actor, now: datetime
) -> Assessment:
    """Open the answers to these roles and no others. Without a real change nothing happens.

    A role more is told to the contact, so it is refused where no letter would arrive; a role less
    is only recorded.
    """
    assessment = lock(assessment)
    before = assessment.readers()
    named = sorted(set(map(str, roles)))
    assessment.requirements = {**assessment.requirements, "answers_seen_by": named}
    added, removed = assessment.readers() - before, before - assessment.readers()
    if not added and not removed:
        return assessment
    if added and assessment.status != Status.DRAFT:
        _tell(assessment, now=now)
    assessment.save(update_fields=["requirements", "readers_widened_at"])
    happening = Happening(
        Kind.ASSESSMENT_READERS_CHANGED,
        assessment.public_id,
        ["answers_seen_by"],
        {"added": _plain(added), "removed": _plain(removed)},
    )
    recording.record(assessment.contractor, [happening], actor=actor, now=now)
    return assessment


def _tell(assessment: Assessment, *, now: datetime) -> None:
    if assessment.status not in LIVING:
        raise WrongStatus(
            _("Nobody more can be let in to the answers of a request that is over."),
            allowed=sorted(status.value for status in LIVING | {Status.DRAFT}),
        )
    archived = assessment.supplier.status == Supplier.Status.ARCHIVED
    if archived or assessment.contact.status != Contact.Status.ACTIVE:
        raise NoContact(
            _("The supplier must be told who else sees its answers, and cannot be written to now.")
        )
    assessment.readers_widened_at = now
    owing.owe_anew(assessment, assessment.contact, Occasion.Kind.READERS, now=now)


def _plain(roles: Roles) -> list[str]:
    return sorted(map(str, roles))
