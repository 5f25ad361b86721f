from typing import Any, Final
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractors.api.scoping import Clearable, Lines, Strict
from contractors.api.showing import TextOut
from contractors.models import KEPT, ApiKey, Contractor, Language, Scope
from contractors.roles import Role

FIELDS: Final = {  # of `retention`, as the row has them
    "answers_months": "answers_kept_months",
    "talks_months": "talks_kept_months",
    "contacts_months": "contacts_kept_months",
}


class PrivacyIn(Strict):
    ja = Lines(max_length=2000, required=False, allow_blank=True)
    en = Lines(max_length=2000, required=False, allow_blank=True)


def _kept(name: str, **sentences: Any) -> serializers.IntegerField:
    least, most = KEPT[name]
    return serializers.IntegerField(
        min_value=least, max_value=most, required=False, error_messages=sentences
    )


class RetentionIn(Strict):
    """Months. Requests keep what they said when they were sent."""

    answers_months = _kept("answers_kept_months")
    talks_months = _kept(
        "talks_kept_months",
        min_value=gettext_lazy(
            "Records of talks are kept for {min_value} months at least: the law asks for it."
        ),
    )
    contacts_months = _kept("contacts_kept_months")


class ContractorIn(Strict):
    """Who asks, as the supplier sees it. `person`, `phone` and `reply_to` are needed to send."""

    name = serializers.CharField(max_length=200)
    department = Clearable(max_length=100)
    person = Clearable(max_length=100)
    phone = Clearable(max_length=30)
    hours = Clearable(max_length=100)
    reply_to = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    notice_url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    main_phone = Clearable(max_length=30)
    privacy_text = PrivacyIn(required=False)
    retention = RetentionIn(required=False)
    shares_results = serializers.BooleanField(required=False)
    self_extension_days = serializers.IntegerField(min_value=0, max_value=60, required=False)
    accepts_by_rule = serializers.BooleanField(required=False)
    timezone = serializers.CharField(max_length=40, required=False)
    language = serializers.ChoiceField(Language.choices, required=False)

    def validate_timezone(self, name: str) -> str:
        if name not in available_timezones():
            raise serializers.ValidationError(_("Give a zone like Asia/Tokyo."), code="invalid")
        return name

    def validate_notice_url(self, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise serializers.ValidationError(_("Give an https address."), code="invalid")
        return url

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        texts, kept = attrs.pop("privacy_text", {}), attrs.pop("retention", {})
        told = {f"privacy_text_{language}": text for language, text in texts.items()}
        return attrs | told | {FIELDS[name]: value for name, value in kept.items()}


class RetentionOut(serializers.Serializer[Any]):
    answers_months = serializers.IntegerField(source=FIELDS["answers_months"])
    talks_months = serializers.IntegerField(source=FIELDS["talks_months"])
    contacts_months = serializers.IntegerField(source=FIELDS["contacts_months"])


class ContractorOut(serializers.ModelSerializer[Contractor]):
    id = serializers.UUIDField(source="public_id")
    privacy_text = serializers.SerializerMethodField()
    retention = RetentionOut(source="*")

    class Meta:
        model = Contractor
        fields = [
            "id", "name", "department", "person", "phone", "hours", "reply_to", "notice_url",
            "main_phone", "privacy_text", "retention", "shares_results", "self_extension_days",
            "accepts_by_rule", "timezone", "language",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(TextOut)
    def get_privacy_text(self, contractor: Contractor) -> Any:
        return {"ja": contractor.privacy_text_ja, "en": contractor.privacy_text_en}


class ApiKeyIn(Strict):
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), min_length=1, max_length=len(Scope.values)
    )
    role = serializers.ChoiceField(Role.choices, required=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate_expires_at(self, moment: Any) -> Any:
        if moment is not None and moment <= self.context["view"].now:
            raise serializers.ValidationError(_("Give a time in the future."), code="past")
        return moment


class ApiKeyOut(serializers.ModelSerializer[ApiKey]):
    """`role` is that of its person, `user`, or its own; null where its scopes alone limit it."""

    id = serializers.UUIDField(source="public_id")
    user = serializers.UUIDField(source="user.public_id", default=None, allow_null=True)
    role = serializers.ChoiceField(Role.choices, source="acts_as", allow_null=True)

    class Meta:
        model = ApiKey
        fields = [
            "id", "prefix", "scopes", "user", "role", "created_at", "expires_at", "last_used_at",
            "revoked_at",
        ]  # fmt: skip
        read_only_fields = fields


class ApiKeyMade(ApiKeyOut):
    """The answer to its making alone shows the key itself."""

    key = serializers.CharField(source="clear")

    class Meta(ApiKeyOut.Meta):
        fields = [*ApiKeyOut.Meta.fields, "key"]
        read_only_fields = fields
