from rest_framework import serializers

from contractors.api.scoping import Strict
from contractors.roles import Role


class ShareIn(Strict):
    """Every role that may read the answers from now on. Viewers see counts all the same."""

    answers_seen_by = serializers.ListField(
        child=serializers.ChoiceField(Role.choices), min_length=1, max_length=len(Role)
    )
