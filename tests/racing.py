"""Two workers one after the other prove nothing: race them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")

RACERS = 4


def together(function: Callable[[], T], racers: int = RACERS) -> list[T]:
    """Call the same at the same moment in several threads, each with a connection of its own."""
    return race(*[function] * racers)


def race(*functions: Callable[[], T]) -> list[T]:
    """Call all at the same moment; what each gave back, in the order of the functions."""
    barrier = Barrier(len(functions))

    def run(function: Callable[[], T]) -> T:
        barrier.wait()
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))
