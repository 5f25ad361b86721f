"""What a rating looks at: everything that decides it, and nothing that does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, Self

from ratings.canonical import digest

STATUSES: Final = frozenset(
    {"declared", "verified", "rejected", "renewal_pending", "expired", "withdrawn"}
)
SCOPES: Final = frozenset({"yes", "partly", "no", "unknown"})

Exposure = tuple[bool | None, bool | None, bool | None]


class Unusable(ValueError):
    """A fact that cannot be rated. The text says which, and what to give instead."""


@dataclass(frozen=True, order=True)
class Certification:
    """A certificate or declaration as it stands on the day of the rating.

    `status` is the one that holds on that day in Japan; a lapsed certificate arrives as `expired`.
    """

    scheme: str
    status: str
    scope_covers: str = "unknown"
    has_document: bool = False
    points: int = 0  # hundredths that whoever verified it set; only where the policy leaves it open
    reference: str = ""  # public id, for the evidence

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise Unusable(f"“{self.status}” is no status. Use one of {sorted(STATUSES)}.")
        if self.scope_covers not in SCOPES:
            raise Unusable(f"“{self.scope_covers}” is no scope. Use one of {sorted(SCOPES)}.")

    @property
    def verified(self) -> bool:
        return self.status == "verified"

    @property
    def covers(self) -> bool:
        return self.scope_covers == "yes"


@dataclass(frozen=True)
class Facts:
    """What is known of a supplier on a day.

    `answers`: values by number of the item; None where a certificate was accepted in their place.
    `exposure`: confidential information, continuity, access to systems; None is not answered yet.
    Days are days in Japan.
    """

    answers: Mapping[int, str] | None
    person: bool
    handles_personal_data: bool | None
    exposure: Exposure
    answered_on: date
    as_of: date
    certifications: tuple[Certification, ...] = field(default=())
    incident_open: bool = False

    @property
    def unknowns(self) -> int:
        return list((self.answers or {}).values()).count("unknown")

    @property
    def exposure_at_least(self) -> int:
        """How many of the three conditions certainly hold."""
        return self.exposure.count(True)

    @property
    def exposure_at_most(self) -> int:
        """How many could hold: one that is not answered could."""
        return 3 - self.exposure.count(False)

    @cached_property
    def plain(self) -> dict[str, Any]:
        """As JSON can keep it, the same whatever the order the facts came in."""
        answers = sorted((self.answers or {}).items())
        return {
            "answers": {str(number): value for number, value in answers} if answers else None,
            "person": self.person,
            "handles_personal_data": self.handles_personal_data,
            "exposure": list(self.exposure),
            "answered_on": self.answered_on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "certifications": [dict(vars(one)) for one in sorted(self.certifications)],
            "incident_open": self.incident_open,
        }

    @cached_property
    def digest(self) -> str:
        return digest(self.plain)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The facts back from what `plain` made of them."""
        answers = plain["answers"]
        confidential, continuity, access = plain["exposure"]
        return cls(
            answers=answers and {int(number): value for number, value in answers.items()},
            person=plain["person"],
            handles_personal_data=plain["handles_personal_data"],
            exposure=(confidential, continuity, access),
            answered_on=date.fromisoformat(plain["answered_on"]),
            as_of=date.fromisoformat(plain["as_of"]),
            certifications=tuple(Certification(**one) for one in plain["certifications"]),
            incident_open=plain["incident_open"],
        )
