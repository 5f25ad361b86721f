from datetime import date, datetime
from typing import Final

from django.db import models
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Least

from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from suppliers import certificates, days
from suppliers.certificates import MOST_POINTS, VOID_EDITIONS, VOID_LAST_DAY, Printed, Scheme, Step
from suppliers.models.evidence import Evidence
from suppliers.models.supplier import Supplier

SCHEMES: Final = [(scheme.value, scheme.value) for scheme in Scheme]
LETTERS: Final = [(step.value, step.value) for step in Step]


class State(models.TextChoices):
    """What people decided, as it is stored. Whether it has ended is computed from the day."""

    DECLARED = "declared"
    VERIFIED = "verified"
    REJECTED = "rejected"
    RENEWAL_PENDING = "renewal_pending"
    WITHDRAWN = "withdrawn"


class Status(models.TextChoices):
    """What holds on a day in Japan: the state, or that its validity has ended."""

    DECLARED = "declared"
    VERIFIED = "verified"
    REJECTED = "rejected"
    RENEWAL_PENDING = "renewal_pending"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


CLOSED: Final = (State.REJECTED, State.WITHDRAWN)  # no day changes these any more
HELD: Final = (Status.DECLARED, Status.VERIFIED, Status.RENEWAL_PENDING)


class CertificationQuerySet(OwnedQuerySet["Certification"]):
    def as_of(self, day: date) -> "CertificationQuerySet":
        """With `ends_on` (its last day, or none) and the `status` that holds on this day."""
        rows = self.annotate(ends_on=Coalesce("pending_until", _LAST_DAY))
        ended = Q(ends_on__lt=day) & ~Q(state__in=CLOSED)
        status = Case(When(ended, then=Value(Status.EXPIRED.value)), default=F("state"))
        return rows.annotate(status=status)

    def held(self, day: date) -> "CertificationQuerySet":
        """Valid on this day, whether somebody checked it or not."""
        return self.as_of(day).filter(Q(status__in=HELD))

    def with_proof(self) -> "CertificationQuerySet":
        """With `has_document`: a file that is still there was shown for it."""
        shown = Evidence.objects.kept().filter(shown_for__certification=OuterRef("pk"))
        return self.annotate(has_document=Exists(shown))

    def living(self) -> "CertificationQuerySet":
        return self.exclude(state__in=CLOSED)

    def with_follower(self) -> "CertificationQuerySet":
        """With `followed`: a renewal was registered, so that its own end matters less."""
        followers = Certification.objects.living().filter(follows=OuterRef("pk"))
        return self.annotate(followed=Exists(followers))


class Certification(models.Model):
    """A certificate, a declaration or a service in use that a supplier names, and who checked it.

    Days are days in Japan. `points` are hundredths that the checker set where the policy leaves
    them open.
    """

    class Source(models.TextChoices):
        SUPPLIER = "supplier"
        CONTRACTOR = "contractor"
        IMPORT = "import"

    class ScopeCovers(models.TextChoices):
        YES = "yes"
        PARTLY = "partly"
        NO = "no"
        UNKNOWN = "unknown"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="certifications")
    scheme = models.CharField(max_length=20, choices=SCHEMES)
    number = models.CharField(max_length=100, blank=True)
    body = models.CharField(max_length=200, blank=True)
    scope = models.CharField(max_length=1000, blank=True)
    edition = models.CharField(max_length=100, null=True, blank=True)  # noqa: DJ001  # null on the wire
    accreditation = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  # null on the wire
    scope_covers = models.CharField(
        max_length=7, choices=ScopeCovers.choices, default=ScopeCovers.UNKNOWN
    )
    issued_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=15, choices=State.choices, default=State.DECLARED)
    source = models.CharField(max_length=10, choices=Source.choices)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.JSONField(null=True, blank=True)  # an actor
    checked_document = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rejection_reason = models.CharField(max_length=1000, blank=True)
    renewal_filed_on = models.DateField(null=True, blank=True)
    pending_until = models.DateField(null=True, blank=True)  # how long the filing counts
    reconfirm_on = models.DateField(null=True, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers"
    )
    evidence = models.ManyToManyField(
        Evidence, through="CertificationEvidence", related_name="certifications"
    )
    watch_at = models.DateTimeField(null=True, blank=True)  # the next moment a day changes it
    letter = models.CharField(max_length=10, choices=LETTERS, blank=True)
    letter_due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = CertificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("issued_on")),
                name="certification_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.VERIFIED)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="verified_certification_has_a_checker",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REJECTED) ^ Q(rejection_reason=""),
                name="rejection_reason_iff_rejected",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RENEWAL_PENDING)
                | Q(renewal_filed_on__isnull=False, pending_until__isnull=False),
                name="pending_renewal_has_its_days",
            ),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__lte=MOST_POINTS),
                name="checkers_points_up_to_600",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=CLOSED) | Q(watch_at=None),
                name="closed_certification_is_not_watched",
            ),
            models.CheckConstraint(
                condition=Q(letter="") ^ Q(letter_due_at__isnull=False),
                name="letter_iff_due",
            ),
        ]
        indexes = [
            models.Index(F("contractor"), -F("id"), name="certification_newest"),
            models.Index(F("contractor"), F("scheme"), -F("id"), name="certification_scheme"),
            models.Index(
                fields=["watch_at"], condition=Q(watch_at__isnull=False), name="certification_watch"
            ),
            models.Index(
                fields=["letter_due_at"],
                condition=Q(letter_due_at__isnull=False),
                name="certification_letter_due",
            ),
        ]

    def __str__(self) -> str:
        return f"certification {self.public_id} ({self.scheme})"

    def printed(self) -> Printed:
        """What the paper says."""
        return Printed(
            Scheme(self.scheme), self.number, self.body, self.scope, self.edition,
            self.accreditation, self.issued_on, self.valid_until,
        )  # fmt: skip

    def last_day(self) -> date | None:
        """The last day on which it counts, or None where no end is known."""
        return self.pending_until or certificates.ends_on(self.printed())

    def status_on(self, day: date) -> Status:
        """What `as_of` says of this row."""
        last = self.last_day()
        if self.state not in CLOSED and last and last < day:
            return Status.EXPIRED
        return Status(self.state)

    def next_watch(self, *, after: datetime) -> datetime | None:
        """The next moment at which a day says something about it."""
        if self.state in CLOSED:
            return None
        found = certificates.steps(Scheme(self.scheme), self.last_day(), self.reconfirm_on)
        return next((days.begins_at(day) for day, _ in found if days.begins_at(day) > after), None)

    def due_step(self, *, now: datetime) -> Step | None:
        """The newest step of those that came: what was slept through is not made up for."""
        found = certificates.steps(Scheme(self.scheme), self.last_day(), self.reconfirm_on)
        since = self.watch_at or now
        due = [step for day, step in found if since <= days.begins_at(day) <= now]
        return due[-1] if due else None


_LAST_DAY: Final = Case(  # an edition that is void ends whatever is printed on it
    When(
        scheme=Scheme.ISMS.value,
        edition__in=VOID_EDITIONS,
        then=Least("valid_until", Value(VOID_LAST_DAY)),
    ),
    default=F("valid_until"),
    output_field=DateField(),
)
