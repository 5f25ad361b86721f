from collections.abc import Mapping
from typing import Any, Final, NoReturn

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.deciding import Flag
from assessments.errors import WrongStatus
from assessments.models.campaign import Campaign
from assessments.requirements import whole
from contractors.actors import RULE, Actor
from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from contractors.roles import READERS, Role, Roles
from questionnaires.content import Value
from questionnaires.models import Questionnaire
from suppliers.models import Contact, Supplier


class Status(models.TextChoices):
    DRAFT = "draft"
    INVITED = "invited"
    STARTED = "started"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


MOVES: Final[dict[Status, frozenset[Status]]] = {
    Status.DRAFT: frozenset({Status.INVITED, Status.CANCELLED}),
    Status.INVITED: frozenset({Status.STARTED, Status.DECLINED, Status.CANCELLED, Status.EXPIRED}),
    Status.STARTED: frozenset(
        {Status.SUBMITTED, Status.DECLINED, Status.CANCELLED, Status.EXPIRED}
    ),
    Status.SUBMITTED: frozenset({Status.ACCEPTED, Status.RETURNED, Status.CANCELLED}),
    # It was answered once, so it cannot be declined; without a second answer its time runs out.
    Status.RETURNED: frozenset({Status.SUBMITTED, Status.CANCELLED, Status.EXPIRED}),
    # Reopened: somebody decides anew, and may then return it.
    Status.ACCEPTED: frozenset({Status.SUBMITTED}),
    Status.DECLINED: frozenset(),
    Status.CANCELLED: frozenset(),
    # A late answer is taken: the first one starts an expired request again.
    Status.EXPIRED: frozenset(
        {Status.STARTED, Status.SUBMITTED, Status.DECLINED, Status.CANCELLED}
    ),
}
FLAGS: Final = [(flag.value, flag.value) for flag in Flag]
OPEN: Final = frozenset({Status.INVITED, Status.STARTED, Status.RETURNED, Status.EXPIRED})
WAITING: Final = OPEN - {Status.EXPIRED}  # an answer is due
SENT: Final = frozenset({Status.SUBMITTED, Status.ACCEPTED})
LIVING: Final = OPEN | SENT  # a link leads somewhere


class DeclineReason(models.TextChoices):
    WRONG_PERSON = "wrong_person"
    NO_TRADE = "no_trade"
    OTHER_WAY = "other_way"
    SUSPICIOUS = "suspicious"
    OTHER = "other"


def _day(moment: str) -> Func:
    return Func(F(moment), template="(%(expressions)s AT TIME ZONE 'Asia/Tokyo')::date")


def _after(months: str) -> Func:
    """So many months after the decision; without one, after the later of answer and due day."""
    last = Coalesce(_day("decided_at"), Greatest(_day("submitted_at"), F("due_on")))
    span = Func(F(months), template="make_interval(months => %(expressions)s)")
    return Func(last, span, template="(%(expressions)s)::date", arg_joiner=" + ")


class AssessmentQuerySet(OwnedQuerySet["Assessment"]):
    def open(self) -> "AssessmentQuerySet":
        """The supplier can still answer."""
        return self.filter(status__in=OPEN)

    def to_phone(self) -> "AssessmentQuerySet":
        """No letter helped: a person has to call."""
        return self.filter(escalated_at__isnull=False, status__in=WAITING)

    def undecided(self) -> "AssessmentQuerySet":
        """A person has to look; what was erased is over."""
        return self.filter(status=Status.SUBMITTED, erased_at=None)


class Assessment(models.Model):
    """A contractor asks a supplier to answer a questionnaire by a day, and what came of it."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="assessments")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="assessments")
    campaign = models.ForeignKey(  # its indexes are below
        Campaign,
        models.PROTECT,
        related_name="assessments",
        null=True,
        blank=True,
        db_index=False,
    )
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="assessments")
    profile_questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="+", null=True, blank=True
    )
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    due_on = models.DateField()
    original_due_on = models.DateField(null=True, blank=True)  # as asked, once it was extended
    extensions = models.PositiveSmallIntegerField(default=0, db_default=0)
    extension_reason = models.TextField(max_length=1000, blank=True, db_default="")
    self_extended_at = models.DateTimeField(null=True, blank=True)
    implement_by = models.DateField(null=True, blank=True)
    message = models.TextField(max_length=2000, blank=True)
    requirements = models.JSONField(default=dict, blank=True)
    warnings = models.JSONField(  # as `warning` told them when it was written
        default=list, db_default=models.Value([], models.JSONField()), blank=True
    )
    sent_by = models.JSONField(null=True, blank=True)  # an actor
    # {id, name} of the person who stands for its warnings and promises, as it was when it was sent
    confirmed_by = models.JSONField(null=True, blank=True)
    readers_widened_at = models.DateTimeField(null=True, blank=True)
    contact_changed_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.ForeignKey(  # who named the present contact, unless the contractor did
        Contact, models.PROTECT, related_name="+", null=True, blank=True
    )
    profile = models.JSONField(default=dict, blank=True)  # by the names of its items
    profile_version = models.PositiveIntegerField(default=0)
    holdings = models.JSONField(  # what was chosen of certifications, by the group of schemes
        default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )
    remind_at = models.DateTimeField(null=True, blank=True)
    # Since when somebody is to call about the present due day.
    escalated_at = models.DateTimeField(null=True, blank=True)
    requested_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True, blank=True)
    link_sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.JSONField(null=True, blank=True)
    flags = ArrayField(  # why the newest submission waits, or waited, for a person
        models.CharField(max_length=25, choices=FLAGS),
        default=list,
        db_default=models.Value([], ArrayField(models.CharField(max_length=25))),
        blank=True,
    )
    return_reason = models.TextField(max_length=1000, blank=True, db_default="")
    decline_reason = models.CharField(max_length=15, choices=DeclineReason.choices, blank=True)
    closing_note = models.TextField(max_length=1000, blank=True)
    # As the supplier was told when the request was sent; a later setting changes neither.
    answers_kept_months = models.PositiveSmallIntegerField(default=36, db_default=36)
    talks_kept_months = models.PositiveSmallIntegerField(default=84, db_default=84)
    erase_on = models.GeneratedField(  # the first day on which answers and files are kept no more
        expression=_after("answers_kept_months"),
        output_field=models.DateField(),
        db_persist=True,
    )
    erase_talks_on = models.GeneratedField(
        expression=_after("talks_kept_months"),
        output_field=models.DateField(),
        db_persist=True,
    )
    erased_at = models.DateTimeField(null=True, blank=True)
    talks_erased_at = models.DateTimeField(null=True, blank=True)
    talked_at = models.DateTimeField(null=True, blank=True)  # the last word of a consultation

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contractor", "number"], name="assessment_number_once"),
            models.UniqueConstraint(
                fields=["campaign", "supplier"],
                condition=Q(campaign__isnull=False),
                name="campaign_asks_a_supplier_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.CANCELLED])
                | Q(invited_at__isnull=False),
                name="sent_assessment_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.STARTED) | Q(started_at__isnull=False),
                name="started_assessment_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED])
                | Q(submitted_at__isnull=False),
                name="submitted_assessment_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DECLINED) ^ Q(decline_reason=""),
                name="decline_reason_iff_declined",
            ),
            models.CheckConstraint(
                condition=Q(remind_at=None)
                | Q(status__in=[Status.INVITED, Status.STARTED, Status.RETURNED]),
                name="only_waiting_assessments_are_reminded",
            ),
            models.CheckConstraint(
                condition=Q(extensions=0) ^ Q(original_due_on__isnull=False),
                name="original_due_day_iff_extended",
            ),
        ]
        indexes = [
            models.Index(F("contractor"), -F("id"), name="assessment_newest"),
            models.Index(F("contractor"), F("status"), -F("id"), name="assessment_status"),
            models.Index(fields=["contractor", "requested_at"], name="assessment_requested"),
            models.Index(
                F("contractor"),
                F("campaign"),
                -F("id"),
                condition=Q(campaign__isnull=False),
                name="assessment_campaign",
            ),
            models.Index(
                fields=["campaign", "status", "id"],
                condition=Q(campaign__isnull=False),
                name="assessment_campaign_status",
            ),
            models.Index(
                fields=["contractor", "submitted_at", "id"],
                condition=Q(status=Status.SUBMITTED),
                name="assessment_undecided",
            ),
            models.Index(
                fields=["remind_at"], condition=Q(remind_at__isnull=False), name="reminder_due"
            ),
            models.Index(
                fields=["contractor", "escalated_at", "id"],
                condition=Q(escalated_at__isnull=False),
                name="assessment_escalated",
            ),
            models.Index(fields=["erase_on"], condition=Q(erased_at=None), name="assessment_erase"),
            models.Index(
                fields=["erase_talks_on"],
                condition=Q(talks_erased_at=None),
                name="assessment_erase_talks",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="status_moves_along_edges",
                field="status",
                transitions=[
                    (here.value, there.value) for here in MOVES for there in sorted(MOVES[here])
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.public_id} ({self.status})"

    def move_to(self, status: Status) -> None:
        """Change the status along an allowed move. The caller saves.

        What was erased is over: it takes no words that nobody would erase.
        """
        if self.erased_at is not None and status != Status.EXPIRED:
            self.refuse_erased()
        if status not in MOVES[Status(self.status)]:
            allowed = sorted(here.value for here, there in MOVES.items() if status in there)
            raise WrongStatus(
                _("A request that is %(old)s cannot become %(new)s.")
                % {"old": self.status, "new": status},
                allowed=allowed,
            )
        self.status = status

    def refuse_erased(self) -> NoReturn:
        raise WrongStatus(_("This request has ended: what was answered is erased."), allowed=[])

    def is_unheard(self) -> bool:
        """The letter by which its campaign asks waits for its moment, and nobody has claimed it."""
        waiting = self.occasions.filter(
            kind="invitation",
            left_out="",
            mail__closed_at=None,
            mail__due_at__isnull=False,
            mail__late_since=None,
        )
        return self.campaign_id is not None and waiting.exists()

    def asked(self) -> Mapping[str, Any]:
        """The requirements, with what holds where they say nothing."""
        standard = self.questionnaire.key.startswith("ipa-")
        return whole(self.requirements, standard=standard)

    def accepted_by_rule(self) -> bool:
        return self.status == Status.ACCEPTED and self.decided_by == RULE.plain()

    def profile_values(self) -> dict[int, Value]:
        """The company's profile by the numbers of its items."""
        return {int(number): value for number, value in self.profile.items()}

    def readers(self) -> Roles:
        """Who may read the answers, as the supplier was told. Viewers see counts alone."""
        named = self.requirements.get("answers_seen_by")
        return frozenset(map(Role, named)) - {Role.VIEWER} if named else READERS

    def supplier_actor(self) -> Actor:
        """Whoever holds the link acts for the contact it was sent to."""
        return Actor("supplier", str(self.contact.public_id))

    def readable_number(self) -> str:
        """Year, month and running number, as both sides quote it on the telephone."""
        return f"{timezone.localdate(self.requested_at):%Y-%m}-{self.number:04}"


class Series(models.Model):
    """The last number of a contractor's assessments."""

    contractor = models.OneToOneField(Contractor, models.PROTECT, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"series of contractor #{self.contractor_id}"
