"""What would become of the rows of a table, before any of it is stored."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from contractors.marking import mark as _
from events import operating
from events.operating import FAULTY, Outcome
from suppliers.importing.heading import Fault

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
UNKNOWN: Final = Fault(
    "does-not-exist", _("You have no supplier with this code. Register it first, or correct it.")
)
ARCHIVED: Final = Fault(
    "supplier-archived", _("This supplier is archived. Restore it before you change it.")
)


@dataclass
class Plan:
    """What is said of each row. What is to be stored stands in each kind's own."""

    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def faulty(self) -> bool:
        return any(each["status"] == FAULTY for each in self.outcomes)

    def counts(self) -> dict[str, int]:
        return dict(Counter(each["status"] for each in self.outcomes))

    def errors(self) -> list[dict[str, Any]]:
        return [error for each in self.outcomes for error in each["errors"]]


def faulty(number: int, errors: list[dict[str, Any]]) -> Outcome:
    return {"row": number, "status": FAULTY, "subject": None, "errors": errors}


def withheld(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same where one fault stores nothing: who is not faulty is not done."""
    return [
        each if each["status"] == FAULTY else operating.not_done(each["row"]) for each in outcomes
    ]
