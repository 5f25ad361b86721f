"""What a supplier writes when both sides talk. Amounts are read as people in Japan write them."""

import re
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.form.forms import DayField, Form, TextField
from assessments.models import MOST_YEN, Consultation, Proposal
from assessments.speaking import Matter, Terms
from suppliers.normalising import narrow

Kind = Consultation.Kind
Topic = Consultation.Topic
Bearer = Proposal.Bearer
TOPICS: Final = (
    (Topic.NECESSITY, _("Whether this is needed")),
    (Topic.COST, _("Who bears the cost")),
    (Topic.TIME, _("When it can be done")),
    (Topic.CONTRACT, _("What the contract says")),
    (Topic.PEOPLE, _("People and know-how that are missing")),
    (Topic.ALTERNATIVE, _("Another measure instead")),
)
AMOUNT: Final = re.compile(r"(?P<number>[0-9]{1,15}(?:\.[0-9]{1,4})?)(?P<myriad>万?)")
SHARE: Final = re.compile(r"(?P<number>[0-9]{1,3})(?P<tenths>割?)")


def words(most: int, required: object, too_long: object, *, needed: bool = True) -> TextField:
    told = {"required": required, "too_long": too_long}
    return TextField(most=most, lines=True, required=needed, error_messages=told)


class AmountField(TextField):
    """Yen: 300,000 or 30万円, in any width; nothing stays None."""

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"[\s,¥\\円約]|yen", "", narrow(super().clean(value)).lower())
        if not text:
            return None
        found = AMOUNT.fullmatch(text)
        amount = Decimal(found["number"]) * (10_000 if found["myriad"] else 1) if found else -1
        if not 0 <= amount <= MOST_YEN or amount != int(amount):
            raise ValidationError(self.error_messages["form"], code="form")
        return int(amount)


class ShareField(TextField):
    """Percent: 50 or 50% or 5割; nothing stays None."""

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"[\s%]", "", narrow(super().clean(value)))
        if not text:
            return None
        found = SHARE.fullmatch(text)
        share = int(found["number"]) * (10 if found["tenths"] else 1) if found else -1
        if not 0 <= share <= 100:
            raise ValidationError(self.error_messages["form"], code="form")
        return share


class MessageForm(Form):
    text = words(
        2000,
        _("Write what you want to say"),
        _("Write this in 2,000 characters or fewer"),
    )

    def matter(self, kind: Consultation.Kind) -> Matter:
        return Matter(kind, self.cleaned_data["text"])


class TalksForm(MessageForm):
    topics = forms.MultipleChoiceField(
        choices=TOPICS,
        error_messages={
            "required": _("Choose at least one topic"),
            "invalid_choice": _("Choose among the topics shown"),
        },
    )
    field_order = ("topics", "text")

    def matter(self, kind: Consultation.Kind) -> Matter:
        return Matter(kind, self.cleaned_data["text"], topics=self.cleaned_data["topics"])

    def first_control(self, name: str) -> str:
        return "id_topics_1" if name == "topics" else f"id_{name}"


class QuestionForm(MessageForm):
    item = forms.ChoiceField(
        required=False,
        error_messages={"invalid_choice": _("Choose one of the questions shown")},
    )
    field_order = ("item", "text")

    def __init__(self, *args: Any, items: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        named = [(str(number), name) for number, name in items.items()]
        field.choices = [("", _("The request as a whole")), *named]

    def matter(self, kind: Consultation.Kind) -> Matter:
        number = self.cleaned_data["item"]
        text = self.cleaned_data["text"]
        return Matter(kind, text, item_number=int(number) if number else None)


class ProposalForm(Form):
    BEARERS = (
        (Bearer.CONTRACTOR, _("The company that asks")),
        (Bearer.SHARED, _("Both, by a share")),
        (Bearer.IN_PRICE, _("It becomes part of our price")),
        (Bearer.SUPPLIER, _("Our company")),
    )
    measure = words(
        1000,
        _("Write what is to be done"),
        _("Write what is to be done in 1,000 characters or fewer"),
    )
    cost_estimate_yen = AmountField(
        most=30,
        required=False,
        error_messages={
            name: _("Write the cost as an amount, such as 300,000")
            for name in ("too_long", "unreadable", "form")
        },
    )
    bearer = forms.ChoiceField(
        choices=BEARERS,
        error_messages={
            "required": _("Choose who bears the cost"),
            "invalid_choice": _("Choose one of the answers shown"),
        },
    )
    share_percent = ShareField(
        most=20,
        required=False,
        error_messages={
            name: _("Write the share as a number from 0 to 100")
            for name in ("too_long", "unreadable", "form")
        },
    )
    price_reflection = words(
        1000,
        "",
        _("Write how the price changes in 1,000 characters or fewer"),
        needed=False,
    )
    from_on = DayField(
        most=60,
        required=False,
        error_messages={
            name: _("Write the day like 2026-12-31 or R8.12.31")
            for name in ("too_long", "unreadable", "form")
        },
    )

    def clean(self) -> None:
        """What depends on who bears the cost. A share where nothing is shared says nothing."""
        told = self.cleaned_data
        if told.get("bearer") == Bearer.SHARED and told.get("share_percent", 0) is None:
            self.add_error("share_percent", _("Write the share as a number from 0 to 100"))
        if told.get("bearer") == Bearer.IN_PRICE and told.get("price_reflection", "-") == "":
            self.add_error("price_reflection", _("Write how the price changes"))

    def terms(self) -> Terms:
        told = {name: self.cleaned_data[name] for name in Proposal.TERMS}
        if told["bearer"] != Bearer.SHARED:
            told["share_percent"] = None
        return Terms(**told)

    def first_control(self, name: str) -> str:
        return "id_bearer_1" if name == "bearer" else f"id_{name}"


class DecisionForm(Form):
    """Yes or no to a proposal. A no is explained; what is written with a yes is kept as well."""

    DECISIONS = (("agree", _("We agree to this")), ("refuse", _("We do not agree")))
    decision = forms.ChoiceField(
        choices=DECISIONS,
        error_messages={
            "required": _("Choose whether you agree"),
            "invalid_choice": _("Choose one of the answers shown"),
        },
    )
    text = words(2000, "", _("Write this in 2,000 characters or fewer"), needed=False)

    def clean(self) -> None:
        told = self.cleaned_data
        if told.get("decision") == "refuse" and told.get("text", "-") == "":
            self.add_error("text", _("Write in at least one sentence why you do not agree"))

    def first_control(self, name: str) -> str:
        return "id_decision_1" if name == "decision" else f"id_{name}"
