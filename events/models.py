from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from contractors.freezing import append_only
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from events.operation import Operation as Operation
from events.operation import OperationChunk as OperationChunk
from events.owed import Freeze as Freeze
from events.owed import Owed, OwedQuerySet
from events.worker import Worker as Worker


class Kind(models.TextChoices):
    """Everything that can happen. A new kind also stands in the README and in api.md's list."""

    CONTRACTOR_UPDATED = "contractor.updated"
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"
    USER_CREATED = "user.created"
    USER_UPDATED = "user.updated"
    USER_DEACTIVATED = "user.deactivated"
    USER_REACTIVATED = "user.reactivated"
    SUPPLIER_CREATED = "supplier.created"
    SUPPLIER_UPDATED = "supplier.updated"
    SUPPLIER_ARCHIVED = "supplier.archived"
    SUPPLIER_RESTORED = "supplier.restored"
    SUPPLIER_REMOVED = "supplier.removed"
    CONTACT_BOUNCED = "contact.bounced"
    ASSESSMENT_REQUESTED = "assessment.requested"
    ASSESSMENT_INVITED = "assessment.invited"
    ASSESSMENT_STARTED = "assessment.started"
    ASSESSMENT_REMINDED = "assessment.reminded"
    ASSESSMENT_EXTENDED = "assessment.extended"
    ASSESSMENT_READERS_CHANGED = "assessment.readers_changed"
    ASSESSMENT_CONTACT_CHANGED = "assessment.contact_changed"
    ASSESSMENT_DELEGATED = "assessment.delegated"  # a colleague is to answer some questions
    ASSESSMENT_DELEGATION_ENDED = "assessment.delegation_ended"
    ASSESSMENT_SUBMITTED = "assessment.submitted"
    ASSESSMENT_RETURNED = "assessment.returned"
    ASSESSMENT_ACCEPTED = "assessment.accepted"
    ASSESSMENT_REOPENED = "assessment.reopened"
    ASSESSMENT_DECLINED = "assessment.declined"
    ASSESSMENT_CANCELLED = "assessment.cancelled"
    ASSESSMENT_EXPIRED = "assessment.expired"
    ASSESSMENT_ESCALATED = "assessment.escalated"  # a person is to call
    CERTIFICATION_DECLARED = "certification.declared"
    CERTIFICATION_VERIFIED = "certification.verified"
    CERTIFICATION_REJECTED = "certification.rejected"
    CERTIFICATION_EXPIRING = "certification.expiring"
    CERTIFICATION_EXPIRED = "certification.expired"
    RATING_CHANGED = "rating.changed"
    CONSULTATION_OPENED = "consultation.opened"
    CONSULTATION_REPLIED = "consultation.replied"
    CONSULTATION_AGREED = "consultation.agreed"
    CONSULTATION_OBJECTED = "consultation.objected"
    CONSULTATION_UNANSWERED = "consultation.unanswered"
    CLEARANCE_HELD = "clearance.held"
    CLEARANCE_RELEASED = "clearance.released"
    CAMPAIGN_LAUNCHED = "campaign.launched"
    CAMPAIGN_COMPLETED = "campaign.completed"
    CAMPAIGN_CANCELLED = "campaign.cancelled"
    PERSON_REQUEST_RECEIVED = "person_request.received"
    PERSON_REQUEST_GRANTED = "person_request.granted"
    PERSON_REQUEST_REFUSED = "person_request.refused"


SUBJECTS: Final = {  # where a receiver finds what an event is about
    "contractor": "/api/v1/contractor/",
    "api_key": "/api/v1/api-keys/{id}/",
    "user": "/api/v1/users/{id}/",
    "supplier": "/api/v1/suppliers/{id}/",
    "certification": "/api/v1/certifications/{id}/",
    "assessment": "/api/v1/assessments/{id}/",
    "clearance": "/api/v1/suppliers/{id}/clearance/",  # the supplier's id
    "consultation": "/api/v1/assessments/{id}/consultation/",  # the request's id
    "campaign": "/api/v1/campaigns/{id}/",
    "person_request": "/api/v1/retention/requests/{id}/",
    "webhook": "/api/v1/webhooks/{id}/",
}
ABOUT: Final = {  # kinds that are about something else than their first word says
    Kind.CONTACT_BOUNCED: "supplier",
    Kind.RATING_CHANGED: "supplier",
}

TEST_KIND: Final = "webhook.test"  # sent on request to one endpoint; nothing happened, no sequence


def subject(subject_type: str, subject_id: UUID) -> dict[str, str]:
    """Type, public id and the address where it is read."""
    url = settings.BASE_URL + SUBJECTS[subject_type].format(id=subject_id)
    return {"type": subject_type, "id": str(subject_id), "url": url}


class Event(models.Model):
    """Something that happened. Never changed, never deleted: it is the audit trail."""

    append_only = True

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=50, choices=Kind.choices)
    subject_type = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    actor = models.JSONField()
    request_id = models.CharField(max_length=64, blank=True)
    changed = ArrayField(models.CharField(max_length=60), default=list)
    detail = models.JSONField(default=dict)

    objects = OwnedQuerySet["Event"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contractor", "sequence"], name="event_sequence_once"),
        ]
        indexes = [
            models.Index(fields=["contractor", "subject_id", "sequence"], name="event_subject"),
            models.Index(fields=["contractor", "request_id"], name="event_request"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"

    def subject(self) -> dict[str, str]:
        """Type, public id and the address where it is read."""
        return subject(self.subject_type, self.subject_id)


class Counter(models.Model):
    """The last sequence of a contractor. A table of its own, so that nobody else waits for it."""

    contractor = models.OneToOneField(Contractor, models.PROTECT, primary_key=True)
    last = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"counter of contractor #{self.contractor_id}"


class EndpointQuerySet(OwnedQuerySet["Endpoint"]):
    def listening(self, contractor: Contractor) -> "EndpointQuerySet":
        return self.of(contractor).filter(status=Endpoint.Status.ENABLED)


class Endpoint(models.Model):
    """A URL of a contractor that wants to be told. Without kinds it is told everything."""

    class Status(models.TextChoices):
        ENABLED = "enabled"
        DISABLED = "disabled"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    url = models.CharField(max_length=2048)
    kinds = ArrayField(models.CharField(max_length=50, choices=Kind.choices), default=list)
    sealed_secret = models.BinaryField()  # encrypted: it must be read again to sign
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ENABLED)
    created_at = models.DateTimeField()

    objects = EndpointQuerySet.as_manager()

    def __str__(self) -> str:
        return f"endpoint {self.public_id}"

    def wants(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


class Delivery(Owed):
    """One event owed to one endpoint, until it is taken or given up."""

    PAUSES = (
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
        timedelta(hours=20),
        timedelta(hours=24),
    )  # Standard Webhooks' ladder, about 76 hours

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="deliveries")
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    owed_at = models.DateTimeField()
    last_status = models.PositiveSmallIntegerField(null=True)

    objects = OwedQuerySet["Delivery"].as_manager()

    class Meta(Owed.Meta):
        constraints = [
            *Owed.Meta.constraints,
            models.UniqueConstraint(
                fields=["event", "endpoint"],
                condition=Q(event__isnull=False),
                name="delivery_owed_once",
            ),
        ]
        indexes = [
            *Owed.Meta.indexes,
            models.Index(F("endpoint"), -F("id"), name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.public_id}, attempt {self.attempt}"
