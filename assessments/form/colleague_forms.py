"""Whom to ask for which answers: single questions, or all of a part at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.delegating import Colleague, Wish
from assessments.form.forms import Form, MailField, TextField
from assessments.form.questions import local
from assessments.models import Assessment

STRANGE = {"invalid_choice": gettext_lazy("Choose among the questions shown")}


@dataclass(frozen=True)
class Box:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Part:
    """A page of the questionnaire: a box for all of it, and one for each question."""

    whole: Box
    questions: list[Box]


class DelegationForm(Form):
    name = TextField(
        most=100,
        error_messages={
            "required": gettext_lazy("Write the name of the colleague"),
            "too_long": gettext_lazy("Write the name in 100 characters or fewer"),
        },
    )
    email = MailField(
        most=254,
        error_messages={
            "required": gettext_lazy("Write the mail address of the colleague"),
            "too_long": gettext_lazy("Write the mail address like name@example.co.jp"),
            "form": gettext_lazy("Write the mail address like name@example.co.jp"),
        },
    )
    part = forms.MultipleChoiceField(required=False, error_messages=STRANGE)
    question = forms.MultipleChoiceField(required=False, error_messages=STRANGE)
    text = TextField(
        most=200,
        lines=True,
        required=False,
        error_messages={"too_long": gettext_lazy("Write this in 200 characters or fewer")},
    )

    def __init__(self, assessment: Assessment, data: Any = None) -> None:
        super().__init__(data)
        self.content = assessment.questionnaire.parsed()
        named = {
            "part": [str(page.number) for page in self.content.pages],
            "question": [str(item.number) for item in self.content.items],
        }
        for name, values in named.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(value, value) for value in values]

    def clean(self) -> None:
        if not self.errors and not self._numbers():
            self.add_error("part", _("Choose at least one question"))

    def first_control(self, name: str) -> str:
        return "id_part_1" if name in {"part", "question"} else f"id_{name}"

    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(Colleague(given["name"], given["email"]), tuple(self._numbers()), given["text"])

    def parts(self) -> Iterator[Part]:
        """As they were chosen, right or wrong."""
        whole, single = self._chosen("part"), self._chosen("question")
        for page in self.content.pages:
            title = _("All of %(title)s") % {"title": local(page.title)}
            questions = [
                Box(
                    str(each.number),
                    f"{each.number}. {local(each.text)}",
                    str(each.number) in single,
                )
                for each in page.items
            ]
            yield Part(Box(str(page.number), title, str(page.number) in whole), questions)

    def _numbers(self) -> list[int]:
        whole, single = self.cleaned_data["part"], self.cleaned_data["question"]
        return sorted(
            item.number
            for page in self.content.pages
            for item in page.items
            if str(page.number) in whole or str(item.number) in single
        )

    def _chosen(self, name: str) -> list[str]:
        return self[name].value() or []
