"""Times leave in UTC with `Z`, whatever zone they were computed in (RFC 3339)."""

from datetime import UTC, datetime
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class Encoder(JSONEncoder):
    def default(self, obj: Any) -> Any:
        if isinstance(obj, datetime):
            return super().default(obj.astimezone(UTC))
        return super().default(obj)


class UTCRenderer(JSONRenderer):
    encoder_class = Encoder
