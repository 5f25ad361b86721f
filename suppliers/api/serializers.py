from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractors.api.scoping import Clearable, Strict
from contractors.models import Language
from suppliers import normalising
from suppliers.models import INDUSTRIES, Applies, Contact, Level, SizeClass, Supplier
from suppliers.normalising import Unreadable


class NormalField(serializers.CharField):
    """Text that is normalised when it comes in; the refusal is the normaliser's sentence."""

    def __init__(self, normalise: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.normalise = normalise

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return self.normalise(text) if text else text
        except Unreadable as error:
            raise serializers.ValidationError(_(str(error)), code=error.code) from error


class EmailField(serializers.EmailField):
    """全角 letters are welcome; the address is kept in ASCII."""

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(
            normalising.narrow(data) if isinstance(data, str) else data
        )


class ContactIn(Strict):
    name = Clearable(max_length=100)
    title = Clearable(max_length=100)
    department = Clearable(max_length=100)
    email = EmailField(max_length=254)
    phone = NormalField(normalising.phone, max_length=30, required=False, allow_blank=True)
    language = serializers.ChoiceField(Contact.Language.choices, required=False)
    role = serializers.ChoiceField(Contact.Role.choices, required=False)


class ContactOut(serializers.ModelSerializer[Contact]):
    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Contact
        fields = [
            "id", "name", "title", "department", "email", "phone", "language", "role", "status",
        ]  # fmt: skip
        read_only_fields = fields


class ExposureIn(Strict):
    confidential_information = serializers.BooleanField(allow_null=True, required=False)
    business_continuity = serializers.BooleanField(allow_null=True, required=False)
    system_access = serializers.BooleanField(allow_null=True, required=False)
    note = Clearable(max_length=1000)


class ExposureOut(serializers.Serializer[Any]):
    confidential_information = serializers.BooleanField(allow_null=True)
    business_continuity = serializers.BooleanField(allow_null=True)
    system_access = serializers.BooleanField(allow_null=True)
    note = serializers.CharField()


class StandingOut(serializers.Serializer[Any]):
    level = serializers.CharField(source="standing_level")
    grade = serializers.CharField(source="standing_grade")
    score = serializers.DecimalField(source="standing_score", max_digits=5, decimal_places=2)
    as_of = serializers.DateTimeField(source="standing_as_of")


class SupplierChange(Strict):
    """What PATCH takes: anything but contacts, which have addresses of their own."""

    code = serializers.CharField(max_length=50)
    name = serializers.CharField(max_length=200)
    name_kana = Clearable(max_length=200)
    corporate_number = NormalField(
        normalising.corporate_number, max_length=30, required=False, allow_null=True
    )
    invoice_number = NormalField(
        normalising.invoice_number, max_length=30, required=False, allow_null=True
    )
    industry = serializers.ChoiceField(INDUSTRIES, required=False, allow_null=True)
    size_class = serializers.ChoiceField(SizeClass.choices, required=False, allow_null=True)
    employees = serializers.IntegerField(
        min_value=0, max_value=10_000_000, required=False, allow_null=True
    )
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False)
    language = serializers.ChoiceField(Language.choices, required=False)
    external_ids = serializers.DictField(
        child=serializers.CharField(max_length=100), required=False
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=50, required=False
    )
    handles_personal_data = serializers.BooleanField(required=False)
    exposure = ExposureIn(required=False)
    toriteki = serializers.ChoiceField(Applies.choices, required=False)
    freelance_act = serializers.ChoiceField(Applies.choices, required=False)

    def validate_external_ids(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > 20 or any(not 1 <= len(name) <= 50 for name in value):
            raise serializers.ValidationError(_("Give at most 20 systems with names of 1 to 50."))
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The exposure's conditions stand as columns of their own."""
        exposure = attrs.pop("exposure", {})
        return attrs | {f"exposure_{name}": value for name, value in exposure.items()}


class SupplierIn(SupplierChange):
    contacts = serializers.ListField(child=ContactIn(), required=False, max_length=100)

    def validate_contacts(self, contacts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        emails = [contact["email"].lower() for contact in contacts]
        if len(set(emails)) < len(emails):
            raise serializers.ValidationError(_("Name each mail address once."), code="duplicate")
        return contacts


class SupplierByCode(SupplierIn):
    """PUT by code: the code stands in the address; in the body it may be repeated."""

    code = serializers.CharField(max_length=50, required=False)

    def validate_code(self, code: str) -> str:
        if code != self.context["code"]:
            raise serializers.ValidationError(
                _("The code differs from the one in the address."), code="code-mismatch"
            )
        return code


class SupplierOut(serializers.ModelSerializer[Supplier]):
    id = serializers.UUIDField(source="public_id")
    exposure = serializers.SerializerMethodField()
    suggested_scs_star = serializers.IntegerField(allow_null=True)
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Supplier
        fields = [
            "id", "code", "name", "name_kana", "corporate_number", "invoice_number", "industry",
            "size_class", "employees", "country", "language", "external_ids", "tags",
            "handles_personal_data", "exposure", "toriteki", "freelance_act",
            "suggested_scs_star", "status", "standing", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ExposureOut)
    def get_exposure(self, supplier: Supplier) -> Any:
        names = (*Supplier.EXPOSURE, "note")
        return {name: getattr(supplier, f"exposure_{name}") for name in names}

    @extend_schema_field(StandingOut(allow_null=True))
    def get_standing(self, supplier: Supplier) -> Any:
        return StandingOut(supplier).data if supplier.standing_level else None


class SupplierQuery(Strict):
    """Filters of the list; all of them together."""

    search = serializers.CharField(max_length=100, required=False)
    tag = serializers.CharField(max_length=50, required=False)
    industry = serializers.ChoiceField(INDUSTRIES, required=False)
    size_class = serializers.ChoiceField(SizeClass.choices, required=False)
    level = serializers.ChoiceField(Level.choices, required=False)
    grade = serializers.ChoiceField(list("ABCDE"), required=False)
    status = serializers.ChoiceField(Supplier.Status.choices, required=False)
    has_open_assessment = serializers.BooleanField(required=False)
    external_id = serializers.RegexField(r"^[^:]{1,50}:.{1,100}$", required=False)
