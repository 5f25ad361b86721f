"""The table and its JSON: name, figure, floor, ratio, aim, met or not."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection

from benchmarks.timing import Figure

RESULTS: Final = Path(__file__).resolve().parent / "results"
HEAD: Final = ("benchmark", "figure", "floor", "", "ratio", "aim", "")


@dataclass(frozen=True)
class Line:
    """Two medians in seconds, or what else the unit says; `against` names the second.

    An aim is the most the ratio may be.
    """

    name: str
    figure: Figure
    against: str
    floor: Figure
    aim: float | None = None
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        return self.figure.median / self.floor.median

    @property
    def met(self) -> bool | None:
        return None if self.aim is None else self.ratio < self.aim

    def cells(self) -> tuple[str, ...]:
        aim = f"< {self.aim}" if self.aim else ""
        met = {None: "", True: "met", False: "NOT MET"}[self.met]
        figures = (self._shown(self.figure), self._shown(self.floor))
        shown = (*figures, self.against, f"{self.ratio:.2f}", aim, met)
        return (self.name, *shown)

    def _shown(self, figure: Figure) -> str:
        value = figure.median * 1000 if self.unit == "ms" else figure.median
        return f"{value:.2f} {self.unit}"

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": round(self.ratio, 3), "met": self.met}


def table(lines: Sequence[Line]) -> str:
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    drawn = [_drawn(row, widths) for row in rows]
    return "\n".join([drawn[0], "-" * len(drawn[0]), *drawn[1:]])


def keep(lines: Sequence[Line], *, name: str, now: datetime) -> Path:
    """Write what was measured, in seconds and MiB, and where; gives back the file."""
    RESULTS.mkdir(exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [[database]] = cursor.fetchall()
    document = {
        "measured_at": now.isoformat(),
        "machine": {
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "postgresql": database,
        },
        "lines": [line.plain() for line in lines],
    }
    file = RESULTS / f"{name}.json"
    file.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return file


def _drawn(row: Sequence[str], widths: Sequence[int]) -> str:
    """Names to the left, figures to the right."""
    cells = [
        cell.ljust(width) if place in {0, 3, 6} else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
