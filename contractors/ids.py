"""Public ids: UUIDs of version 7 (RFC 9562), so that they sort by the time they were made."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    return uuid7()
