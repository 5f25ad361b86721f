"""Who acts: one object for the audit trail, whichever door the act came through."""

from dataclasses import dataclass
from typing import Literal

ActorType = Literal["api_key", "user", "supplier", "system", "rule"]


@dataclass(frozen=True)
class Actor:
    """`id` is the public id of the key, person or contact; the service itself has none.

    Names and mail addresses stay out: the audit trail points to rows that can be erased.
    """

    type: ActorType
    id: str | None = None

    def plain(self) -> dict[str, str | None]:
        return {"type": self.type, "id": self.id}


SYSTEM = Actor("system")
RULE = Actor("rule")  # a decision that no person took, by a rule that is told
