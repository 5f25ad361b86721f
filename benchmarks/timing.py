"""Medians of interleaved rounds: what disturbs the machine disturbs all alike."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Final

from benchmarks import telling

WARM: Final = 2  # rounds before it counts

Watched = Callable[[], float]


@dataclass(frozen=True)
class Figure:
    """Seconds: the median, and the middle half of all rounds."""

    median: float
    lower: float
    upper: float


@dataclass
class Stopwatch:
    """What is between the two looks at the clock, in seconds."""

    seconds: float = field(default=0.0)

    @contextmanager
    def running(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds = time.perf_counter() - began


def medians(rounds: int, watched: Mapping[str, Watched]) -> dict[str, Figure]:
    """Each returns the seconds that count, so it may prepare and tidy up around them."""
    taken: dict[str, list[float]] = {name: [] for name in watched}
    names = list(watched)
    for turn in range(-WARM, rounds):
        telling.progress(turn + WARM + 1, rounds + WARM)
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            seconds = watched[name]()
            if turn >= 0:
                taken[name].append(seconds)
    return {name: _figure(seconds) for name, seconds in taken.items()}


def _figure(seconds: list[float]) -> Figure:
    lower, _, upper = quantiles(seconds, n=4)
    return Figure(median(seconds), lower, upper)
