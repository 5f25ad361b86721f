from typing import Final, Self, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from contractors.actors import Actor
from contractors.ids import new_id
from contractors.roles import Role, Roles

M = TypeVar("M", bound=models.Model, covariant=True)


KEPT: Final = {  # least and most; records of talks at least 24 months (取適法)
    "answers_kept_months": (24, 120),
    "talks_kept_months": (24, 120),
    "contacts_kept_months": (1, 60),
    "person_request_days": (1, 30),
}


class Language(models.TextChoices):
    JAPANESE = "ja"
    ENGLISH = "en"


class Contractor(models.Model):
    """A company that asks its suppliers: the owner of every other row, and how it is shown."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    name = models.CharField(max_length=200)
    department = models.CharField(max_length=100, blank=True)
    person = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    hours = models.CharField(max_length=100, blank=True)
    reply_to = models.EmailField(blank=True)
    notice_url = models.URLField(max_length=500, blank=True)
    main_phone = models.CharField(max_length=30, blank=True)
    privacy_text_ja = models.TextField(max_length=2000, blank=True)
    privacy_text_en = models.TextField(max_length=2000, blank=True)
    shares_results = models.BooleanField(  # whether suppliers see their own result
        default=True, db_default=True
    )
    # How long is kept what suppliers told. Requests keep what they said when they were sent.
    answers_kept_months = models.PositiveSmallIntegerField(default=36, db_default=36)
    talks_kept_months = models.PositiveSmallIntegerField(default=84, db_default=84)
    contacts_kept_months = models.PositiveSmallIntegerField(default=12, db_default=12)
    person_request_days = models.PositiveSmallIntegerField(default=14, db_default=14)
    self_extension_days = models.PositiveSmallIntegerField(  # that a supplier may take by itself
        default=14, db_default=14
    )
    accepts_by_rule = models.BooleanField(  # answers that nothing speaks against
        default=True, db_default=True
    )
    timezone = models.CharField(max_length=40, default="Asia/Tokyo")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.JAPANESE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="contractor_has_a_name"),
            models.CheckConstraint(
                condition=Q(self_extension_days__lte=60), name="self_extension_is_60_days_at_most"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__range": bounds}), name=f"{name}_fit"
                )
                for name, bounds in KEPT.items()
            ),
        ]

    def __str__(self) -> str:
        return f"contractor {self.public_id}"

    def missing_for_sending(self) -> list[str]:
        """The fields without which a supplier could not tell who asks, nor call back."""
        return [name for name in ("person", "phone", "reply_to") if not getattr(self, name)]


class OwnedQuerySet(models.QuerySet[M]):
    """Rows with a `contractor`. Nothing is shown to a caller without `of()`."""

    def of(self, contractor: Contractor) -> Self:
        return self.filter(contractor=contractor)


class User(AbstractBaseUser):
    """A person of a contractor. What the role may do is kept at the doors."""

    USERNAME_FIELD = "public_id"

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT, related_name="users")
    email = models.EmailField()
    name = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    active = models.BooleanField(default=True)

    objects = OwnedQuerySet["User"].as_manager()

    class Meta:
        constraints = [  # whether another tenant has somebody with this address is not told
            models.UniqueConstraint(F("contractor"), Lower("email"), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return f"user {self.public_id}"


class Scope(models.TextChoices):
    """What a key may do. Writing includes reading of the same."""

    SUPPLIERS_READ = "suppliers:read"
    SUPPLIERS_WRITE = "suppliers:write"
    ASSESSMENTS_READ = "assessments:read"
    ASSESSMENTS_WRITE = "assessments:write"
    ANSWERS_READ = "answers:read"
    RATINGS_READ = "ratings:read"
    WEBHOOKS_MANAGE = "webhooks:manage"
    AUDIT_READ = "audit:read"


INCLUDED: Final = {
    Scope.SUPPLIERS_WRITE: Scope.SUPPLIERS_READ,
    Scope.ASSESSMENTS_WRITE: Scope.ASSESSMENTS_READ,
}


class ApiKey(models.Model):
    """A key of the REST API. Only its digest is kept, so a key can be shown once."""

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.CASCADE, related_name="keys")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    role = models.CharField(  # of a system's key; without one its scopes alone limit it
        max_length=10, choices=Role.choices, blank=True, db_default=""
    )
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope.choices))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    named: User | None = None  # on whose behalf this call is made, where its system says so

    objects = OwnedQuerySet["ApiKey"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
                name="key_expires_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=Q(user=None) | Q(role=""), name="key_of_a_person_has_the_persons_role"
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.prefix}"

    def actor(self) -> Actor:
        """The person behind the call where there is one, otherwise the key itself."""
        person = self.user or self.named
        if person is not None:
            return Actor("user", str(person.public_id))
        return Actor("api_key", str(self.public_id))

    def acts_as(self) -> Role | None:
        """The role of the person as it is today, or the key's own; None where it has neither."""
        person = self.user or self.named
        role = person.role if person is not None else self.role
        return Role(role) if role else None

    def reads_as(self) -> Role:
        """Where answers are concerned, a system's key without a role counts as security."""
        return self.acts_as() or Role.SECURITY

    def reads(self, readers: Roles) -> bool:
        """Whether answers that are open to these roles may be shown."""
        return self.allows(Scope.ANSWERS_READ) and self.reads_as() in readers

    def allows(self, scope: str) -> bool:
        granted = set(self.scopes)
        return scope in granted | {INCLUDED[Scope(each)] for each in granted if each in INCLUDED}


class IdempotencyRecord(models.Model):
    """What a caller was answered, so that a repeated question gets the same bytes for 7 days."""

    contractor = models.ForeignKey(Contractor, models.CASCADE)
    api_key = models.ForeignKey(ApiKey, models.CASCADE)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["api_key", "key"], name="idempotency_key_used_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"answer {self.status_code} to a request of key #{self.api_key_id}"
