"""The supplier hands the form in: answers close, the rating is made, the contractor is told.

What nothing speaks against is accepted by rule at once, so that nobody is surprised later.
All of it in one transaction; handing in twice is the same as once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import enlisting, flagging, freezing, owing, tallying
from assessments.errors import Incomplete
from assessments.locking import check_unfrozen, lock_for_contact
from assessments.models import SENT, Answer, Assessment, Occasion, Status, Submission
from contractors.actors import RULE, Actor
from events import recording
from events.models import Kind
from events.recording import Happening
from questionnaires import content, scoring, validating
from ratings import rating
from ratings.models import Rating
from suppliers import recognising
from suppliers.models import Certification, Contact, Supplier

RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike


@dataclass(frozen=True)
class Responsible:
    """Who answers for it; kept as a person of the supplier, never in the snapshot."""

    name: str
    title: str
    email: str
    name_kana: str = ""


@dataclass(frozen=True)
class Missing:
    """Numbers of items without an answer: of the questionnaire, of the company's profile."""

    answers: list[int]
    profile: list[int]

    def __bool__(self) -> bool:
        return bool(self.answers or self.profile)


def missing(assessment: Assessment) -> Missing:
    answered = {answer.number for answer in assessment.answers.all() if answer.value}
    asked = assessment.questionnaire.parsed()
    profile = freezing.profile(assessment)
    gaps = validating.missing(profile, assessment.profile_values()) if profile else ()
    return Missing(
        [item.number for item in asked.items if item.required and item.number not in answered],
        [item.number for item in gaps],
    )


@transaction.atomic
def submit(
    assessment: Assessment,
    *,
    responsible: Responsible,
    certification: Certification | None = None,
    actor: Actor | None = None,
    now: datetime,
) -> Submission:
    """Freeze what was answered, rate it, and say who stands for it. Refuses gaps, and what the
    responsible person was asked to confirm. The `actor` is the contact, unless another is named.

    With a `certification` it alone is handed in; whether it may be is `substituting`'s to say.
    Without a flag it is accepted by rule as well: see `deciding`.
    """
    assessment = lock_for_contact(assessment)
    if assessment.status in SENT:
        return assessment.submissions.latest("number")
    check_unfrozen(assessment)
    assessment.move_to(Status.SUBMITTED)
    if certification is None and (gaps := missing(assessment)):
        raise Incomplete(
            _("Some questions have no answer yet."),
            missing=gaps.answers,
            missing_profile=gaps.profile,
        )
    assessment.submitted_at, assessment.remind_at = now, None
    assessment.started_at = assessment.started_at or now
    assessment.save(update_fields=["status", "submitted_at", "remind_at", "started_at"])
    enlisting.end(assessment, now=now)
    submission, happenings = _hand_in(assessment, responsible, certification, now=now)
    happenings += _decide(assessment, submission, now=now)
    _owe_receipts(assessment, submission, now=now)
    by = actor or assessment.supplier_actor()
    recording.record(assessment.contractor, happenings, actor=by, now=now)
    return submission


def _hand_in(
    assessment: Assessment,
    responsible: Responsible,
    certification: Certification | None,
    *,
    now: datetime,
) -> tuple[Submission, list[Happening]]:
    if certification is None:
        answers = list(assessment.answers.exclude(value="").order_by("number"))
        snapshot = freezing.snapshot(assessment, answers)
    else:
        answers, snapshot = [], freezing.alone(assessment, certification)
    digest = content.digest(snapshot)
    number = assessment.submissions.count() + 1
    happenings = [Happening(Kind.ASSESSMENT_SUBMITTED, assessment.public_id)]
    supplier = Supplier.objects.select_for_update(no_key=True).get(pk=assessment.supplier_id)
    rated, changed = _rate(assessment, supplier, answers, snapshot["profile"], now=now)
    if changed:
        happenings.append(changed)
    submission = Submission.objects.create(
        contractor=assessment.contractor,
        assessment=assessment,
        number=number,
        content=snapshot,
        digest=digest,
        receipt=_receipt(assessment, number, digest),
        responsible=_person(supplier, responsible),
        certification=certification,
        rating=rated,
        submitted_at=now,
    )
    tallying.keep(submission, supplier)
    return submission, happenings


def _decide(assessment: Assessment, submission: Submission, *, now: datetime) -> list[Happening]:
    """Accepted by rule, or kept for a person with the reasons why."""
    flags = flagging.flags(assessment, submission, now=now)
    assessment.flags = list(flags)
    if not flags:
        assessment.move_to(Status.ACCEPTED)
        assessment.decided_at, assessment.decided_by = now, RULE.plain()
    assessment.save(update_fields=["status", "flags", "decided_at", "decided_by"])
    by_rule = {"by_rule": True}
    accepted = Happening(Kind.ASSESSMENT_ACCEPTED, assessment.public_id, detail=by_rule, actor=RULE)
    return [] if flags else [accepted]


def _rate(
    assessment: Assessment,
    supplier: Supplier,
    answers: list[Answer],
    profile: Mapping[str, Any],
    *,
    now: datetime,
) -> tuple[Rating | None, Happening | None]:
    """Only the IPA self-diagnosis is rated by the standard policy."""
    if not assessment.questionnaire.key.startswith("ipa-"):
        return None, None
    before = (supplier.standing_level, supplier.standing_grade, supplier.standing_score)
    values = {answer.number: answer.value for answer in answers}
    rated, _changed = rating.rate(
        supplier,
        answers=values or None,
        person=profile.get("security_person") in {"dedicated", "part_time"},
        self_diagnosis=scoring.score(assessment.questionnaire.parsed(), values) if values else None,
        incident_open=profile.get("incident_closed") == "no",
        now=now,
    )
    if before == (rated.level, rated.grade, rated.score):
        return rated, None
    levels = {"old_level": before[0] or None, "new_level": rated.level}
    return rated, Happening(Kind.RATING_CHANGED, supplier.public_id, ["standing"], levels)


def _person(supplier: Supplier, responsible: Responsible) -> Contact:
    """Found by mail address, or written down as a new person. A known name is not overwritten."""
    contact = supplier.contacts.filter(email__iexact=responsible.email).first()
    if contact is not None:
        return contact
    contact = Contact(
        contractor_id=supplier.contractor_id,
        supplier=supplier,
        name=responsible.name,
        title=responsible.title,
        email=responsible.email,
        language=supplier.language,
        role=Contact.Role.RESPONSIBLE,
    )
    recognising.recognise([contact])
    contact.save(force_insert=True)
    return contact


def _receipt(assessment: Assessment, number: int, digest: str) -> str:
    """Readable number with two check characters out of the snapshot's digest."""
    check = int(digest[:8], 16)
    letters = "".join(RECEIPT_LETTERS[check >> shift & 31] for shift in (5, 0))
    again = f"-{number}" if number > 1 else ""
    return f"{assessment.readable_number()}-{letters}{again}"


def _owe_receipts(assessment: Assessment, submission: Submission, *, now: datetime) -> None:
    owing.owe_anew(assessment, assessment.contact, Occasion.Kind.RECEIPT, now=now)
    if submission.responsible_id != assessment.contact_id:
        copy = Occasion.Kind.RECEIPT_COPY
        owing.owe_anew(assessment, submission.responsible, copy, now=now)
