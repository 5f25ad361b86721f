"""What is refused here: a document that is no catalogue, a version taken, a sum with gaps."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from contractors.errors import Refused


@dataclass(frozen=True, order=True)
class Fault:
    """Where a document is wrong (a JSON pointer, RFC 6901) and what to do about it."""

    pointer: str
    detail: str

    def __str__(self) -> str:
        return f"{self.pointer or 'the document'}: {self.detail}"


class NotACatalogue(ValueError):
    """The document cannot be a questionnaire. Carries every fault at once."""

    def __init__(self, source: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([f"{source} is not a catalogue:", *map(str, self.faults)]))


class VersionTaken(Refused):
    """A published version is frozen: other words need another version."""

    code = "version-taken"


class Unanswered(ValueError):
    """A score needs an answer to each item. Carries the numbers without one."""

    def __init__(self, numbers: Collection[int]) -> None:
        self.numbers = tuple(sorted(numbers))
        listed = ", ".join(map(str, self.numbers))
        super().__init__(f"These items have no answer yet: {listed}.")


class NotScored(ValueError):
    """There is no published arithmetic, or the answer is none of the item's options."""
