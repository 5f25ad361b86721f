from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from assessments.models import MOST_YEN, Consultation, Message, Proposal
from assessments.speaking import Matter, Terms
from contractors.api.scoping import Lines, Strict
from events.api.serializers import ActorOut

LEAST: Final = 5  # letters of a sentence that says why


class ProposalIn(Strict):
    """What is proposed. `share_percent` is the contractor's part, given iff the cost is shared.

    `price_reflection` says how prices follow; it is needed where they bear the cost.
    """

    measure = Lines(max_length=1000)
    bearer = serializers.ChoiceField(Proposal.Bearer.choices)
    cost_estimate_yen = serializers.IntegerField(
        min_value=0, max_value=MOST_YEN, required=False, allow_null=True
    )
    share_percent = serializers.IntegerField(
        min_value=0, max_value=100, required=False, allow_null=True
    )
    from_on = serializers.DateField(required=False, allow_null=True)
    price_reflection = Lines(max_length=1000, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        shared = attrs["bearer"] == Proposal.Bearer.SHARED
        given = attrs.get("share_percent") is not None
        if shared and not given:
            _refuse("share_percent", _("Say what part of the cost you bear."), "required")
        if given and not shared:
            _refuse("share_percent", _("Only a shared cost has parts."), "not-shared")
        if attrs["bearer"] == Proposal.Bearer.IN_PRICE and not attrs.get("price_reflection"):
            _refuse("price_reflection", _("Say how prices reflect the cost."), "required")
        return attrs


def _refuse(name: str, sentence: str, code: str) -> None:
    raise ValidationError({name: [ErrorDetail(sentence, code)]})


class TalksIn(Strict):
    """The contractor opens talks, and may propose something at once."""

    topics = serializers.ListField(
        child=serializers.ChoiceField(Consultation.Topic.choices),
        allow_empty=False,
        max_length=len(Consultation.Topic.values),
    )
    text = Lines(max_length=2000)
    proposal = ProposalIn(required=False)

    def validate_topics(self, topics: list[str]) -> list[str]:
        if len(set(topics)) < len(topics):
            raise ValidationError(_("Name each topic once."), code="repeated")
        return topics


def matter(wanted: dict[str, Any]) -> Matter:
    """What the body of a POST opens."""
    proposed = wanted.get("proposal")
    return Matter(
        Consultation.Kind.TALKS,
        wanted["text"],
        topics=wanted["topics"],
        proposal=Terms(**proposed) if proposed else None,
    )


class MessageIn(Strict):
    text = Lines(max_length=2000)


class AgreeIn(Strict):
    """A last word, if there is one."""

    text = Lines(max_length=2000, required=False, allow_blank=True)


class CloseIn(Strict):
    """`text` is needed while the supplier waits for an answer."""

    text = Lines(max_length=2000, required=False, allow_blank=True)


class RefuseIn(Strict):
    """Why: at least one sentence, which the supplier reads."""

    explanation = Lines(max_length=2000)

    def validate_explanation(self, text: str) -> str:
        if sum(character.isalnum() for character in text) < LEAST:
            raise ValidationError(
                _("Say in at least one sentence why this proposal is refused."), code="unexplained"
            )
        return text


class MessageOut(serializers.ModelSerializer[Message]):
    id = serializers.UUIDField(source="public_id")
    actor = ActorOut()

    class Meta:
        model = Message
        fields = ["id", "side", "actor", "text", "sent_at"]
        read_only_fields = fields


class ProposalOut(serializers.ModelSerializer[Proposal]):
    """`explanation` is why it was refused; `decided_by` ended it, whichever way."""

    id = serializers.UUIDField(source="public_id")
    actor = ActorOut()
    decided_by = ActorOut(allow_null=True)

    class Meta:
        model = Proposal
        fields = [
            "id", "side", "actor", *Proposal.TERMS, "state", "explanation", "proposed_at",
            "decided_at", "decided_by",
        ]  # fmt: skip
        read_only_fields = fields


class ConsultationOut(serializers.ModelSerializer[Consultation]):
    """A thread with all that was said and proposed, the oldest first.

    `waiting_since` is when the contractor's turn began and no person has answered since;
    `unanswered_at` when that became 10 business days. `result` is what was agreed on, `digest` the
    SHA-256 of its canonical JSON, `agreement_url` the same as a PDF; null once it was erased.
    """

    id = serializers.UUIDField(source="public_id")
    assessment = serializers.UUIDField(source="assessment.public_id")
    closed_by = ActorOut(allow_null=True)
    messages = MessageOut(many=True)
    proposals = ProposalOut(many=True)
    result = serializers.DictField(allow_null=True)
    agreement_url = serializers.SerializerMethodField()

    class Meta:
        model = Consultation
        fields = [
            "id", "assessment", "kind", "state", "opened_by", "topics", "item_number",
            "wanted_on", "opened_at", "waiting_since", "unanswered_at", "messages", "proposals",
            "closed_at", "closed_by", "result", "digest", "agreement_url",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_agreement_url(self, thread: Consultation) -> str | None:
        if thread.result is None or thread.erased:
            return None
        place = [thread.assessment.public_id, thread.public_id]
        return settings.BASE_URL + reverse("consultation-agreement", args=place)


class NewestConsultationOut(serializers.ModelSerializer[Consultation]):
    """The newest thread of a request, as the request itself tells it."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Consultation
        fields = ["id", "kind", "state", "waiting_since", "unanswered_at"]
        read_only_fields = fields
