"""When a worker has shown nothing for too long: a sum of what its watchdog saw."""

from dataclasses import dataclass, field
from typing import Final

from config.signs import Seen

STARTS: Final = 120.0  # seconds more until a worker shows itself for the first time
ASKS_AGAIN: Final = 32.0  # seconds at most until a worker tries again to reach its broker


@dataclass
class Patience:
    """All in seconds in which the watchdog itself was awake."""

    limit: float  # of silence
    task_limit: float  # after which a task is at work no more
    processes: int
    silent: float = -STARTS
    taken: int = 0
    at_work: dict[tuple[int, int], float] = field(default_factory=dict)

    def is_over(self, seen: Seen, *, reachable: bool, awake: float) -> bool:
        """Silence counts only where a canary could be taken: a broker is there, a hand is free."""
        self.at_work = {each: self.at_work.get(each, 0.0) + awake for each in seen.busy}
        rightly = [age for age in self.at_work.values() if age < self.task_limit]
        if not reachable:
            self.silent = min(self.silent, -ASKS_AGAIN)
        elif seen.taken != self.taken or len(rightly) >= self.processes:
            self.silent = 0.0
        else:
            self.silent += awake
        self.taken = seen.taken
        return self.silent >= self.limit
