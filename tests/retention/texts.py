"""Every column of the database that can hold words, and which of them keep what stands in them."""

from typing import Any, Final

from django.apps import apps
from django.db import models

WORDS: Final = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
KEPT: Final = {  # models all of whose words stay, or go by themselves, and why
    "what a contractor says about itself": {
        "Contractor", "User", "ApiKey", "Endpoint", "Questionnaire",
    },
    "what a contractor asks of many suppliers alike, and why it took that back": {
        "Campaign", "CampaignSupplier",
    },
    "the company as it trades: no person, no answer, no talk": {"Supplier", "Certification"},
    "ids, codes and digests of the trail": {
        "Event", "CertificationStep", "EvidenceReading", "AnswerReading", "Erasure",
    },
    "codes of owed work, and names of processes that do it": {
        "Delivery", "Mail", "EvidenceScan", "Freeze", "Worker",
    },
    "digests of secrets": {"Link", "Entry", "DelegationLink"},
    "gone within days by themselves": {
        "Session", "IdempotencyRecord", "Operation", "OperationChunk", "ImportChange",
    },
    "Django's own": {"Permission", "Group", "ContentType"},
}  # fmt: skip
OWN: Final = {  # columns of other models with the contractor's own words that stay, and why
    "a person's decision about orders, which must be accounted for": {
        "Hold.reason", "Hold.release_reason",
    },
}  # fmt: skip
CODES: Final = {  # columns of other models with ids, codes, digests and times, never words
    "Answer.value", "Assessment.confirmed_by", "Assessment.decided_by", "Assessment.holdings",
    "Assessment.sent_by", "Assessment.warnings", "Clarification.asked_by",
    "Confirmation.digest", "Consultation.closed_by", "Consultation.digest",
    "Evidence.digest", "Evidence.media_type", "Evidence.sent_digest",
    "Evidence.stored_as", "Evidence.uploaded_by", "Evidence.warnings", "Message.actor",
    "Notice.outcome", "Occasion.left_out", "PersonRequest.decided_by",
    "Proposal.actor", "Proposal.decided_by",
    "Rating.input_digest", "Rating.inputs", "Rating.policy_digest",
    "Rating.policy_key", "Rating.policy_version", "Rating.result", "Submission.digest",
    "Submission.receipt", "Tally.band", "Tally.profile",
}  # fmt: skip


def columns() -> dict[str, "models.Field[Any, Any]"]:
    """By `Model.field` those that can hold words and are not told above to keep them."""
    kept = set().union(*KEPT.values())
    found = {
        f"{model.__name__}.{field.name}": field
        for model in apps.get_models()
        if model.__name__ not in kept
        for field in model._meta.concrete_fields
        if holds_words(field)
    }
    told = CODES.union(*OWN.values())
    return {name: field for name, field in found.items() if name not in told}


def holds_words(field: "models.Field[Any, Any]") -> bool:
    inner = getattr(field, "base_field", field)
    return isinstance(inner, WORDS) and not inner.choices


def unknown() -> set[str]:
    """What is listed above and does not exist."""
    known = {model.__name__ for model in apps.get_models()}
    words = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if holds_words(field)
    }
    return (set().union(*KEPT.values()) - known) | (CODES.union(*OWN.values()) - words)
