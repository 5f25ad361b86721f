from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.contrib.postgres.aggregates import BoolAnd
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce

from contractors.ids import new_id
from contractors.models import Contractor, Language, OwnedQuerySet
from contractors.roles import READERS, Role
from suppliers.normalising import search_key

INDUSTRIES = [(letter, letter) for letter in "ABCDEFGHIJKLMNOPQRST"]  # JSIC major divisions


class SizeClass(models.TextChoices):
    """The size classes of IPA's survey, and what lies above them."""

    SMALL = "small"
    SME_UP_TO_100 = "sme_up_to_100"
    SME_101_PLUS = "sme_101_plus"
    LARGE = "large"


class Applies(models.TextChoices):
    """Whether a law applies to the trade: marked by people, never computed."""

    APPLIES = "applies"
    DOES_NOT = "does_not"
    UNKNOWN = "unknown"


class Level(models.TextChoices):
    """Whom to talk to first (相談の優先度), as `ratings` found it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


FILTERS: Final = ("industry", "size_class", "status")  # that are columns of the same name
OPEN = ("invited", "started", "returned", "expired")  # statuses of an assessment not yet answered


class SupplierQuerySet(OwnedQuerySet["Supplier"]):
    def search(self, text: str) -> "SupplierQuerySet":
        """Names, kana, code and corporate number, whatever their width and case."""
        return self.filter(search_key__contains=search_key(text))

    def matching(self, wanted: Mapping[str, Any]) -> "SupplierQuerySet":
        """Those for which all of it holds: the filters of the list, by their names."""
        rows = self.filter(**{name: wanted[name] for name in FILTERS if name in wanted})
        if "search" in wanted:
            rows = rows.search(wanted["search"])
        if "tag" in wanted:
            rows = rows.filter(tags__contains=[wanted["tag"]])
        if "level" in wanted:
            rows = rows.filter(standing_level=wanted["level"])
        if "grade" in wanted:
            rows = rows.filter(standing_grade=wanted["grade"])
        if "external_id" in wanted:
            system, _, number = wanted["external_id"].partition(":")
            rows = rows.filter(external_ids__contains={system: number})
        if "has_open_assessment" in wanted:
            rows = rows.with_open_assessment(wanted["has_open_assessment"])
        return rows

    def with_open_assessment(self, wanted: bool) -> "SupplierQuerySet":
        """Suppliers with, or without, a request that waits for their answer."""
        asked = self.filter(assessments__status__in=OPEN).values("pk")
        return self.filter(pk__in=asked) if wanted else self.exclude(pk__in=asked)

    def opened_to(self, role: Role) -> "SupplierQuerySet":
        """Suppliers that opened to this role whatever they began to answer: each of their requests.

        Requests belong to the app above; they point here, and only their names are known.
        """
        named = Q(assessments__requirements__answers_seen_by__contains=[role.value])
        if usual := role in READERS:
            named |= Q(assessments__requirements__answers_seen_by__isnull=True)
        begun = Q(assessments__started_at__isnull=False)
        every = BoolAnd(Case(When(named, then=True), default=False), filter=begun)
        return self.annotate(opened=Coalesce(every, usual)).filter(opened=True)


class Supplier(models.Model):
    """A company that a contractor buys from. Its standing is written by `ratings` alone."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        ARCHIVED = "archived"

    EXPOSURE: ClassVar = ("confidential_information", "business_continuity", "system_access")

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT)
    code = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    name_kana = models.CharField(max_length=200, blank=True)
    corporate_number = models.CharField(max_length=13, null=True, blank=True)  # noqa: DJ001  # null on the wire
    invoice_number = models.CharField(max_length=14, null=True, blank=True)  # noqa: DJ001  # null on the wire
    industry = models.CharField(max_length=1, choices=INDUSTRIES, null=True, blank=True)  # noqa: DJ001  # null on the wire
    size_class = models.CharField(  # noqa: DJ001  # null on the wire
        max_length=15, choices=SizeClass.choices, null=True, blank=True
    )
    employees = models.PositiveIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2, default="JP")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.JAPANESE)
    external_ids = models.JSONField(default=dict, blank=True)
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    handles_personal_data = models.BooleanField(default=False)
    exposure_confidential_information = models.BooleanField(null=True, blank=True)
    exposure_business_continuity = models.BooleanField(null=True, blank=True)
    exposure_system_access = models.BooleanField(null=True, blank=True)
    exposure_note = models.CharField(max_length=1000, blank=True)
    toriteki = models.CharField(max_length=10, choices=Applies.choices, default=Applies.UNKNOWN)
    freelance_act = models.CharField(
        max_length=10, choices=Applies.choices, default=Applies.UNKNOWN
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    search_key = models.TextField(blank=True)  # names and numbers, NFKC and in lower case
    standing_level = models.CharField(max_length=10, blank=True)
    standing_grade = models.CharField(max_length=1, blank=True)
    standing_score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    standing_as_of = models.DateTimeField(null=True, blank=True)
    rating_due_at = models.DateTimeField(null=True, blank=True)  # what a rating looks at changed
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SupplierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contractor", "code"], name="supplier_code_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="supplier_is_named"),
            models.CheckConstraint(
                condition=Q(corporate_number=None) | Q(corporate_number__regex=r"^[1-9]\d{12}$"),
                name="corporate_number_has_13_digits",
            ),
            models.CheckConstraint(
                condition=Q(invoice_number=None) | Q(invoice_number__regex=r"^T\d{13}$"),
                name="invoice_number_is_t_and_13_digits",
            ),
        ]
        indexes = [
            models.Index(F("contractor"), -F("id"), name="supplier_newest"),
            models.Index(F("contractor"), F("standing_level"), -F("id"), name="supplier_level"),
            models.Index(fields=["contractor", "corporate_number"], name="supplier_corporate"),
            models.Index(
                fields=["rating_due_at"],
                condition=Q(rating_due_at__isnull=False),
                name="rating_due",
            ),
            GinIndex(fields=["tags"], name="supplier_tags"),
            GinIndex(fields=["external_ids"], name="supplier_external_ids"),
        ]

    def __str__(self) -> str:
        return f"supplier {self.public_id}"

    def suggested_scs_star(self) -> int | None:
        """★4 if one intake condition holds, ★3 if none does, nothing while one is unanswered."""
        conditions = [getattr(self, f"exposure_{name}") for name in self.EXPOSURE]
        if None in conditions:
            return None
        return 4 if any(conditions) else 3
