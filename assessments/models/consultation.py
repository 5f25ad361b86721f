"""A thread of dated messages beside answering, and what both sides agreed on."""

from typing import Final

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from assessments.models.assessment import LIVING, Assessment
from contractors.freezing import REFUSAL, append_only, erased_text, only_keys, unless_erased
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet

ERASED: Final = ("digest", "erased_at", "rule")  # what is left of an agreement


class Side(models.TextChoices):
    CONTRACTOR = "contractor"
    SUPPLIER = "supplier"


class ConsultationQuerySet(OwnedQuerySet["Consultation"]):
    def open(self) -> "ConsultationQuerySet":
        return self.filter(state=Consultation.State.OPEN)

    def pausing(self) -> "ConsultationQuerySet":
        """Those during which nobody is reminded and no day passes: both sides still talk."""
        living = self.open().filter(assessment__status__in=LIVING)
        return living.filter(assessment__talks_erased_at=None)

    def awaited(self) -> "ConsultationQuerySet":
        """The supplier waits for a word that can still be said."""
        return self.pausing().filter(waiting_since__isnull=False)

    def unanswered(self) -> "ConsultationQuerySet":
        """No person of the contractor answered within 10 business days, nor since."""
        return self.pausing().filter(unanswered_at__isnull=False)


class Consultation(models.Model):
    """Talks, a question, a wish for more time or an objection, about one request.

    `waiting_since` is when the contractor's turn began, null while it is the supplier's.
    `clock_at` is the next step of the contractor's clock. `result` is what was agreed on and
    `digest` the SHA-256 of its canonical JSON. Once it is agreed on or closed, nothing changes;
    once its retention has ended, `result` is `{digest, erased_at, rule}`.
    """

    class Kind(models.TextChoices):
        TALKS = "talks"
        QUESTION = "question"
        EXTENSION = "extension"
        OBJECTION = "objection"

    class Topic(models.TextChoices):
        NECESSITY = "necessity"
        COST = "cost"
        TIME = "time"
        CONTRACT = "contract"
        PEOPLE = "people"
        ALTERNATIVE = "alternative"

    class State(models.TextChoices):
        OPEN = "open"
        AGREED = "agreed"
        CLOSED = "closed"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="consultations")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    opened_by = models.CharField(max_length=10, choices=Side.choices)
    topics = ArrayField(models.CharField(max_length=12, choices=Topic.choices), default=list)
    item_number = models.PositiveSmallIntegerField(null=True, blank=True)
    wanted_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, blank=True)
    clock_at = models.DateTimeField(null=True, blank=True)
    unanswered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="talks") ^ Q(topics__len=0), name="topics_iff_talks"
            ),
            models.CheckConstraint(
                condition=Q(item_number=None) | Q(kind="question"),
                name="only_questions_are_about_an_item",
            ),
            models.CheckConstraint(
                condition=Q(kind="extension") ^ Q(wanted_on=None), name="wanted_day_iff_extension"
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(closed_at__isnull=False), name="open_iff_not_closed"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(closed_by__isnull=True),
                name="open_is_closed_by_nobody",
            ),
            models.CheckConstraint(
                condition=(Q(state="agreed", result__isnull=False) & ~Q(digest=""))
                | (~Q(state="agreed") & Q(result=None, digest="")),
                name="agreed_iff_result",
            ),
            models.CheckConstraint(
                condition=Q(waiting_since__isnull=False) | Q(clock_at=None, unanswered_at=None),
                name="clock_runs_in_the_contractor_s_turn_only",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(waiting_since=None),
                name="only_open_threads_wait",
            ),
            models.UniqueConstraint(
                fields=["assessment", "kind"],
                condition=Q(state="open") & ~Q(kind="question"),
                name="one_open_thread_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(F("assessment"), -F("id"), name="consultation_newest"),
            models.Index(
                fields=["clock_at"], condition=Q(clock_at__isnull=False), name="consultation_clock"
            ),
            models.Index(
                fields=["contractor", "waiting_since"],
                condition=Q(waiting_since__isnull=False),
                name="consultation_waiting",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="consultation_ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["agreed", "closed"]),
                func=unless_erased(
                    {
                        "result": f"{only_keys('result', *ERASED, most=200)}"
                        " AND NEW.result ->> 'digest' = OLD.digest"
                    }
                ),
            ),
            pgtrigger.Trigger(
                name="consultation_is_never_removed",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=REFUSAL,
            ),
        ]

    def __str__(self) -> str:
        return f"consultation {self.public_id} ({self.kind}, {self.state})"

    @property
    def erased(self) -> bool:
        """Of what was agreed on, only that it was is left."""
        return self.result is not None and "erased_at" in self.result


class Message(models.Model):
    """What one side wrote to the other. `actor` says who by an id, never by name.

    Once its retention has ended, `text` is `erased`.
    """

    append_only = True

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10, choices=Side.choices)
    actor = models.JSONField()
    text = models.TextField(max_length=2000)
    sent_at = models.DateTimeField()

    objects = OwnedQuerySet["Message"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
        ]
        triggers = append_only(emptied={"text": erased_text("text")})

    def __str__(self) -> str:
        return f"message {self.public_id}"
