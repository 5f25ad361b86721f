"""How much is measured: the sizes of the databases, and how often."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Size:
    """What stands in a database: suppliers, and requests that wait for their answers."""

    suppliers: int
    open: int


@dataclass(frozen=True)
class Plan:
    """`due` of the open requests are due for a letter; `page` is the one that lies deep."""

    small: Size
    large: Size
    crowd: Size  # the sweep alone is measured there
    due: int
    page: int
    rounds: int  # of what reads
    writes: int  # rounds of what writes
    sweeps: int
    mails: int
    requests: int  # ten times as many are answered while memory is watched
    rows: int  # of an imported sheet
    imports: int


FULL: Final = Plan(
    small=Size(suppliers=1_000, open=10_000),
    large=Size(suppliers=100_000, open=200_000),
    crowd=Size(suppliers=100_000, open=1_000_000),
    due=1_000,
    page=1_000,
    rounds=60,
    writes=40,
    sweeps=15,
    mails=10_000,
    requests=500,
    rows=10_000,
    imports=3,
)
QUICK: Final = Plan(
    small=Size(suppliers=200, open=200),
    large=Size(suppliers=1_000, open=2_000),
    crowd=Size(suppliers=1_000, open=10_000),
    due=100,
    page=10,
    rounds=3,
    writes=3,
    sweeps=2,
    mails=200,
    requests=30,
    rows=500,
    imports=2,
)
PAGE_SIZE: Final = 50  # rows on a page, as the API gives them without being asked
