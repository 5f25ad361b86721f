from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from contractors.api.scoping import Clearable, Strict

LONGEST: Final = timedelta(days=366)


class ExtendIn(Strict):
    """`due_on` is a day in Japan, after the due day that holds and within a year from today."""

    due_on = serializers.DateField()
    reason = Clearable(max_length=1000)

    def validate_due_on(self, day: Any) -> Any:
        today = self.context["view"].today
        if day <= today:
            raise ValidationError(_("Give a day after today."), code="past")
        if day > today + LONGEST:
            raise ValidationError(_("Give a day within a year from today."), code="too-far")
        return day
