"""The fields of one certificate, as its paper has them; each is optional and read as people write.

Doubt about a number is a warning on the list. Only what cannot be kept is a fault here.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from assessments.form.forms import Form, TextField
from suppliers import days
from suppliers.certificates import SECURITY_ACTION, Scheme
from suppliers.models import Certification
from suppliers.normalising import Unreadable, narrow

OF_A_DECLARATION: Final = ("number", "note")
OF_A_PAPER: Final = ("number", "body", "scope", "valid_until", "note")
OF_ISMS: Final = ("number", "body", "scope", "edition", "accreditation", "valid_until", "note")


class NarrowField(TextField):
    """Kept in narrow characters, which may be more of them than were typed."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if len(narrow(text)) > self.most:
            raise ValidationError(self.error_messages["too_long"], code="too_long")
        return text


class DayField(TextField):
    """A day, or a month alone, which means its last day."""

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]  # text comes, a day goes
        text = super().to_python(value)
        try:
            return days.end(text) if text else None
        except Unreadable as error:
            raise ValidationError(_now(str(error)), code="day") from error


class CertificateForm(Form):
    """Only the fields that the scheme has."""

    scheme = forms.ChoiceField(
        error_messages={
            "required": _("Choose which one it is"),
            "invalid_choice": _("Choose one of the options shown"),
        },
    )
    number = NarrowField(
        most=100,
        required=False,
        error_messages={"too_long": _("Write the number in 100 characters or fewer")},
    )
    body = TextField(
        most=200,
        required=False,
        error_messages={"too_long": _("Write who issued it in 200 characters or fewer")},
    )
    scope = TextField(
        most=1000,
        lines=True,
        required=False,
        error_messages={"too_long": _("Write the scope in 1000 characters or fewer")},
    )
    edition = NarrowField(
        most=100,
        required=False,
        error_messages={"too_long": _("Write the edition in 100 characters or fewer")},
    )
    accreditation = TextField(
        most=200,
        required=False,
        error_messages={"too_long": _("Write the accreditation body in 200 characters or fewer")},
    )
    valid_until = DayField(
        most=100,
        required=False,
        error_messages={"too_long": _("Write the last day like 2027-03-31 or R9.3.31")},
    )
    note = TextField(
        most=1000,
        lines=True,
        required=False,
        error_messages={"too_long": _("Write the note in 1000 characters or fewer")},
    )

    def __init__(
        self, data: Any, *, names: Collection[str], schemes: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        kept = {"scheme", *names} if schemes else set(names)
        for name in set(self.fields) - kept:
            del self.fields[name]
        if schemes:
            field = self.fields["scheme"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(schemes.items())

    def told(self) -> dict[str, Any]:
        """What was typed, for `declaring`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "scheme"}


def names_of(schemes: Collection[Scheme]) -> tuple[str, ...]:
    if SECURITY_ACTION.issuperset(schemes):
        return OF_A_DECLARATION
    return OF_ISMS if set(schemes) == {Scheme.ISMS} else OF_A_PAPER


def stored(row: Certification) -> dict[str, str]:
    """The fields as the row fills them."""
    kept = {name: getattr(row, name) or "" for name in names_of([Scheme(row.scheme)])}
    return {name: str(value) for name, value in kept.items()}
