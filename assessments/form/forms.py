"""The small forms. What was typed stays as it was; sentences say what to do."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.form.questions import Fault
from assessments.handing_over import Successor
from assessments.models import DeclineReason
from assessments.submitting import Responsible
from questionnaires import validating
from suppliers import days, normalising
from suppliers.normalising import Unreadable


class TextField(forms.CharField):
    """Text without control characters; `too_long` and `unreadable` say what to do otherwise."""

    default_error_messages = {
        "unreadable": _("Write this again, without special characters"),
    }

    def __init__(self, *, most: int, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.lines = most, lines

    def to_python(self, value: Any) -> str:
        try:
            return validating.text(str(value or ""), most=self.most, lines=self.lines)
        except validating.Wrong as wrong:
            code = "too_long" if wrong.code == "too-long" else "unreadable"
            raise ValidationError(self.error_messages[code], code=code) from wrong


class MailField(TextField):
    """Full-width letters are welcome; the address is kept in the usual ones."""

    def to_python(self, value: Any) -> str:
        address = unicodedata.normalize("NFKC", super().to_python(value))
        return "".join(address.split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            try:
                forms.EmailField(max_length=254).clean(value)
            except ValidationError as error:
                raise ValidationError(self.error_messages["form"], code="form") from error


class DayField(TextField):
    """A day in any way people in Japan write one; nothing stays None where it may be empty."""

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return days.start(text)
        except Unreadable as unreadable:
            raise ValidationError(self.error_messages["form"], code="form") from unreadable


class PhoneField(TextField):
    """A telephone number in any width; it may be empty."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return normalising.phone(text)
        except Unreadable as unreadable:
            raise ValidationError(self.error_messages["form"], code="form") from unreadable


class Form(forms.Form):
    """Lists its faults in the order of the fields, each with the control it is about."""

    def faults(self) -> list[Fault]:
        return [
            Fault(self.first_control(name), str(errors[0])) for name, errors in self.errors.items()
        ]

    def first_control(self, name: str) -> str:
        return f"id_{name}"

    def is_strange(self) -> bool:
        """No browser sends these by itself."""
        codes = {error.code for each in self.errors.as_data().values() for error in each}
        return bool(codes & {"unreadable", "invalid_choice"})


class DeclineForm(Form):
    REASONS = (
        (DeclineReason.WRONG_PERSON, _("I am not the person in charge")),
        (DeclineReason.NO_TRADE, _("We have no trade with this company")),
        (DeclineReason.OTHER_WAY, _("We want to answer on paper or by telephone")),
        (DeclineReason.SUSPICIOUS, _("I doubt that this mail is genuine")),
        (DeclineReason.OTHER, _("Another reason")),
    )
    reason = forms.ChoiceField(
        choices=REASONS,
        error_messages={
            "required": _("Choose a reason"),
            "invalid_choice": _("Choose one of the reasons shown"),
        },
    )
    note = TextField(
        most=1000,
        lines=True,
        required=False,
        error_messages={"too_long": _("Write the note in 1000 characters or fewer")},
    )

    def first_control(self, name: str) -> str:
        return "id_reason_1" if name == "reason" else f"id_{name}"


class ExtensionForm(Form):
    due_on = DayField(
        most=60,
        error_messages={
            "required": _("Write the new deadline"),
            "too_long": _("Write the day like 2026-12-31 or R8.12.31"),
            "unreadable": _("Write the day like 2026-12-31 or R8.12.31"),
            "form": _("Write the day like 2026-12-31 or R8.12.31"),
        },
    )


class WishForm(ExtensionForm):
    """A later day that the contractor has to grant, and why it is needed."""

    text = TextField(
        most=2000,
        lines=True,
        error_messages={
            "required": _("Write why you need more time"),
            "too_long": _("Write this in 2,000 characters or fewer"),
        },
    )


class PersonForm(Form):
    """Who stands for the answers."""

    name = TextField(
        most=100,
        error_messages={
            "required": _("Write the name of the responsible person"),
            "too_long": _("Write the name in 100 characters or fewer"),
        },
    )
    name_kana = TextField(
        most=100,
        required=False,
        error_messages={"too_long": _("Write the reading in 100 characters or fewer")},
    )
    title = TextField(
        most=100,
        error_messages={
            "required": _("Write the title of the responsible person"),
            "too_long": _("Write the title in 100 characters or fewer"),
        },
    )
    email = MailField(
        most=254,
        error_messages={
            "required": _("Write the mail address for the receipt"),
            "too_long": _("Write the mail address like name@example.co.jp"),
            "form": _("Write the mail address like name@example.co.jp"),
        },
    )

    def responsible(self) -> Responsible:
        kept = {name: self.cleaned_data[name] for name in ("name", "title", "email", "name_kana")}
        return Responsible(**kept)


class ResponsibleForm(PersonForm):
    confirmed = forms.BooleanField(
        error_messages={"required": _("Tick the box when you have read the text beside it")}
    )


class AloneForm(ResponsibleForm):
    """Who stands for a certificate that is handed in alone; `choices` are those that may be."""

    field_order = ("certification",)
    certification = forms.ChoiceField(
        error_messages={
            "required": _("Choose the certificate"),
            "invalid_choice": _("Choose one of the certificates shown"),
        },
    )

    def __init__(self, choices: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["certification"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def first_control(self, name: str) -> str:
        return "id_certification_1" if name == "certification" else f"id_{name}"


class SuccessorForm(Form):
    """Who takes the request over."""

    name = TextField(
        most=100,
        error_messages={
            "required": _("Write the name of the new person"),
            "too_long": _("Write the name in 100 characters or fewer"),
        },
    )
    email = MailField(
        most=254,
        error_messages={
            "required": _("Write the mail address of the new person"),
            "too_long": _("Write the mail address like name@example.co.jp"),
            "form": _("Write the mail address like name@example.co.jp"),
        },
    )
    title = TextField(
        most=100,
        required=False,
        error_messages={"too_long": _("Write the title in 100 characters or fewer")},
    )
    department = TextField(
        most=100,
        required=False,
        error_messages={"too_long": _("Write the department in 100 characters or fewer")},
    )
    phone = PhoneField(
        most=30,
        required=False,
        error_messages={
            "too_long": _("Write the telephone number like 03-1234-5678"),
            "form": _("Write the telephone number like 03-1234-5678"),
        },
    )
    keep_copy = forms.BooleanField(required=False)

    def successor(self) -> Successor:
        names = ("name", "email", "title", "department", "phone")
        return Successor(**{name: self.cleaned_data[name] for name in names})
