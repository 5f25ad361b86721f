"""Whether a letter still says something true, to somebody who may be written to."""

from datetime import date
from typing import Final

from assessments import awaiting, watching
from assessments.models import (
    ELSEWHERE,
    LIVING,
    OPEN,
    REMINDERS,
    SENT,
    Assessment,
    Campaign,
    Delegation,
    Occasion,
    Status,
)
from assessments.reasons import Reason
from suppliers.models import Certification, Contact, Supplier

STILL_TRUE: Final = {  # the statuses in which a letter still says something
    Occasion.Kind.INVITATION: OPEN,
    Occasion.Kind.FIRST_REMINDER: OPEN,
    Occasion.Kind.SECOND_REMINDER: OPEN,
    Occasion.Kind.AFTER_DUE: OPEN,
    Occasion.Kind.REMINDER: OPEN,
    Occasion.Kind.EXTENDED: OPEN,
    Occasion.Kind.RETURNED: frozenset({Status.RETURNED}),
    Occasion.Kind.CONSULTATION: LIVING,
    Occasion.Kind.READERS: LIVING,
    Occasion.Kind.HANDED_OVER: OPEN,
    Occasion.Kind.HANDED_OVER_COPY: LIVING,
    Occasion.Kind.CONFIRMATION: OPEN,
    Occasion.Kind.DELEGATED: OPEN,
    Occasion.Kind.RECEIPT: SENT,
    Occasion.Kind.RECEIPT_COPY: SENT,
    Occasion.Kind.CANCELLED: frozenset({Status.CANCELLED}),
    Occasion.Kind.RESULT: frozenset({Status.ACCEPTED}),
}
ANSWERING: Final = frozenset({Occasion.Kind.CONSULTATION, Occasion.Kind.RETURNED})
BY_CONTACT: Final = {
    Contact.Status.BOUNCED.value: Reason.BOUNCED,
    Contact.Status.OPTED_OUT.value: Reason.OPTED_OUT,
}
BY_STATUS: Final = {
    Status.SUBMITTED.value: Reason.SUBMITTED,
    Status.ACCEPTED.value: Reason.SUBMITTED,
    Status.DECLINED.value: Reason.DECLINED,
    Status.CANCELLED.value: Reason.CANCELLED,
}


def of_request(
    assessment: Assessment,
    contact: Contact,
    kind: Occasion.Kind | str,
    *,
    talking: bool | None = None,
) -> Reason | None:
    """Why this person is not written to about this request, or None. `talking` says whether
    anything is open with its supplier, where that was read already.
    """
    kind = Occasion.Kind(kind)
    if found := _of_person(contact, assessment.supplier):
        return found
    if assessment.status not in STILL_TRUE[kind]:
        return BY_STATUS.get(assessment.status, Reason.OUTDATED)
    if kind not in ANSWERING and _goes_with_its_campaign(assessment):
        return Reason.CANCELLED
    if kind not in ELSEWHERE and (found := _of_charge(assessment, contact)):
        return found
    if kind is Occasion.Kind.CONFIRMATION:
        asked = assessment.confirmations.asked().filter(person=contact).exists()
        return None if asked else Reason.OUTDATED
    return _of_talks(assessment, kind, talking) if kind in REMINDERS else None


def _goes_with_its_campaign(assessment: Assessment) -> bool:
    """One that was cancelled takes back what is open by and by, but nothing that was handed in."""
    campaign = assessment.campaign
    cancelled = campaign is not None and campaign.status == Campaign.Status.CANCELLED
    return cancelled and assessment.status in OPEN - {Status.RETURNED}


def of_delegation(delegation: Delegation, contact: Contact) -> Reason | None:
    """The same about a colleague's part, which ends by whatever ends the asking."""
    if found := of_request(delegation.assessment, contact, Occasion.Kind.DELEGATED):
        return found
    if delegation.asked_by_id != delegation.assessment.contact_id:
        return Reason.HANDED_OVER
    return Reason.OUTDATED if delegation.ended_at else None


def of_certificate(
    certification: Certification, contact: Contact, kind: Occasion.Kind | str, *, today: date
) -> Reason | None:
    """The same about a certificate."""
    if found := _of_person(contact, certification.supplier):
        return found
    if not watching.still_true(certification, Occasion.Kind(kind), today=today):
        return Reason.OUTDATED
    return Reason.UNANSWERED if awaiting.is_ignored(certification.supplier) else None


def _of_person(contact: Contact, supplier: Supplier) -> Reason | None:
    if supplier.status != Supplier.Status.ACTIVE:
        return Reason.ARCHIVED
    return BY_CONTACT.get(contact.status)


def _of_charge(assessment: Assessment, contact: Contact) -> Reason | None:
    """In one letter there may be requests to several suppliers at which the same person stands."""
    charged = assessment.contact
    if charged.person() != contact.person():
        return Reason.HANDED_OVER
    return BY_CONTACT.get(charged.status)


def _of_talks(assessment: Assessment, kind: Occasion.Kind, talking: bool | None) -> Reason | None:
    """Nobody who waits for an answer is reminded, nor does the clock remind while both talk."""
    if not (awaiting.is_talking(assessment.supplier) if talking is None else talking):
        return None  # as nearly always: one look is enough
    if awaiting.is_ignored(assessment.supplier):
        return Reason.UNANSWERED
    talks = kind != Occasion.Kind.REMINDER and assessment.consultations.open().exists()
    return Reason.TALKS if talks else None
