"""What the role that erases may do: empty named columns and remove drafts, in these tables alone.

It reads what it needs to find what is due, writes down what it erased, and changes nothing else.
What is frozen lets it pass only towards emptiness (`contractors.freezing`).
"""

from typing import Final

from django.db import models

from assessments.models import (
    Answer,
    AnswerEvidence,
    Assessment,
    Clarification,
    Confirmation,
    Consultation,
    Delegation,
    Entry,
    Hold,
    Mail,
    Message,
    Proposal,
    Submission,
    Tally,
)
from contractors.models import Contractor
from ratings.models import Rating
from retention.models import Erasure, PersonRequest
from suppliers.models import (
    Certification,
    CertificationEvidence,
    CertificationStep,
    Contact,
    Evidence,
    EvidenceScan,
    Supplier,
)

EMPTIED: Final[dict[type[models.Model], tuple[str, ...]]] = {  # columns
    Assessment: ("profile", "holdings", "closing_note", "message", "requirements", "remind_at",
                 "return_reason", "extension_reason",
                 "erased_at", "talks_erased_at"),
    Submission: ("content",),
    Clarification: ("question", "reply"),
    Confirmation: ("note",),
    Consultation: ("result",),
    Delegation: ("note",),
    Message: ("text",),
    Proposal: ("measure", "cost_estimate_yen", "price_reflection", "explanation"),
    Hold: ("supplier_reply",),
    Rating: ("inputs", "result"),
    Evidence: ("name", "removed_at"),
    EvidenceScan: ("due_at", "closed_at", "outcome"),
    Contact: ("name", "title", "department", "phone", "email", "status", "last_active_on",
              "erased_at"),
    PersonRequest: ("wanted", "reason", "state", "decided_at"),
    Supplier: ("rating_due_at",),  # to hold the row, so that nobody rates meanwhile
}  # fmt: skip
REMOVED: Final[tuple[type[models.Model], ...]] = (Answer, AnswerEvidence, Entry, Tally)
READ: Final[tuple[type[models.Model], ...]] = (
    Contractor, Certification, CertificationEvidence, CertificationStep, Mail,
)  # fmt: skip
ADDED: Final[tuple[type[models.Model], ...]] = (Erasure,)


def privileges() -> dict[str, list[str]]:
    """By table what is granted, as it stands in GRANT. On every other table there is nothing."""
    granted: dict[str, list[str]] = {}
    for model, columns in EMPTIED.items():
        granted[model._meta.db_table] = ["SELECT", f"UPDATE ({', '.join(columns)})"]
    for model in REMOVED:
        granted[model._meta.db_table] = ["SELECT", "DELETE"]
    for model in READ:
        granted[model._meta.db_table] = ["SELECT"]
    for model in ADDED:
        granted[model._meta.db_table] = ["SELECT", "INSERT"]
    return granted
