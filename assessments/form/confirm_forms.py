"""What the responsible person fills in: one tick, or a note to who asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.form.forms import Form, TextField


class ConfirmForm(Form):
    confirmed = forms.BooleanField(
        error_messages={"required": _("Tick the box when you have read the text beside it")}
    )
    note = forms.CharField(required=False)  # shown again, used by the other button alone


class ReturnForm(Form):
    confirmed = forms.BooleanField(required=False)
    note = TextField(
        most=1000,
        lines=True,
        required=False,
        error_messages={"too_long": _("Write the note in 1000 characters or fewer")},
    )
