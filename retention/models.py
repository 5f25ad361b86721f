"""What was erased, and what people asked for about what is kept of them."""

from django.db import models
from django.db.models import F, Q

from contractors.freezing import append_only
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from suppliers.models import Contact


class Rule(models.TextChoices):
    """Why something was erased."""

    ANSWERS = "answers"  # so many months after the decision
    TALKS = "talks"
    CONTACT = "contact"  # so many months after the last activity
    PERSON = "person"  # the person asked for it


class Erasure(models.Model):
    """Something was erased: what, by which rule, when. Holds ids and digests, nothing of a person.

    `digests` are those of the snapshots that were emptied, so that the trail still says what stood
    there.
    """

    append_only = True

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    rule = models.CharField(max_length=10, choices=Rule.choices)
    subject_type = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    digests = models.JSONField(default=list)
    erased_at = models.DateTimeField()

    objects = OwnedQuerySet["Erasure"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="erasure_has_a_rule"),
        ]
        indexes = [
            models.Index(F("contractor"), -F("id"), name="erasure_newest"),
            models.Index(fields=["subject_id"], name="erasure_subject"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"erasure of {self.subject_type} {self.subject_id}"


class PersonRequest(models.Model):
    """A person asks that what is kept of them be corrected or erased.

    Its words become `erased` with the person, whatever they are erased for.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction"
        ERASURE = "erasure"

    class State(models.TextChoices):
        OPEN = "open"
        ERASING = "erasing"  # granted; the eraser has not come yet
        DONE = "done"
        REFUSED = "refused"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    wanted = models.CharField(max_length=2000)
    received_on = models.DateField()  # in Japan
    due_on = models.DateField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=2000, blank=True)  # of a refusal, for the person
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.JSONField(null=True, blank=True)  # an actor; none where retention ended it
    created_at = models.DateTimeField()

    objects = OwnedQuerySet["PersonRequest"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(reason=""), name="request_explained_iff_refused"
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(decided_at__isnull=False),
                name="request_decided_unless_open",
            ),
            models.CheckConstraint(
                condition=~Q(state="erasing") | Q(kind="erasure"), name="only_erasures_erase"
            ),
        ]
        indexes = [
            models.Index(F("contractor"), -F("id"), name="person_request_newest"),
            models.Index(
                fields=["id"], condition=Q(state="erasing"), name="person_request_granted"
            ),
        ]

    def __str__(self) -> str:
        return f"request of a person {self.public_id}"
