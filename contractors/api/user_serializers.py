from rest_framework import serializers

from contractors.api.scoping import Clearable, Strict
from contractors.models import User
from contractors.roles import Role


class UserIn(Strict):
    """A person of the contractor. The mail address is that of one person here."""

    email = serializers.EmailField(max_length=254)
    name = Clearable(max_length=100)
    role = serializers.ChoiceField(Role.choices)

    def validate_email(self, email: str) -> str:
        return email.lower()


class UserOut(serializers.ModelSerializer[User]):
    id = serializers.UUIDField(source="public_id")
    role = serializers.ChoiceField(Role.choices)

    class Meta:
        model = User
        fields = ["id", "name", "email", "role", "active"]
        read_only_fields = fields
