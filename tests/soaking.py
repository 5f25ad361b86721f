"""What goes wrong seldom is tried a little in every run, and often in `make test-faults`."""

import os
from typing import Any

import pytest

SOAK = os.environ.get("SOAK") == "1"


def often(much: int, otherwise: int) -> int:
    """How many times: `much` in a soak, else `otherwise`. What counts so is marked `soak`."""
    return much if SOAK else otherwise


def attempts(much: int, otherwise: int) -> Any:
    """The same test so many times, as its parameter `attempt`."""
    repeated = pytest.mark.parametrize("attempt", range(often(much, otherwise)))
    return lambda test: pytest.mark.soak(repeated(test))
