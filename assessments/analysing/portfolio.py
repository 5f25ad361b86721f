"""All suppliers of a contractor, or those of a filter, in one view."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Count

from assessments.analysing import amounts, proof, responding, selecting, weakness
from assessments.models import Tally
from contractors.models import Contractor
from ratings import survey
from ratings.models import Grade, Level
from ratings.suppressing import Cell
from suppliers.models import Supplier

BANDS: Final = ("100", "70-99", "50-69", "49-")
UNRATED: Final = "unrated"


def portfolio(contractor: Contractor, wanted: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """As the API tells it. `wanted`: industry, size_class, tag. `today` is a day in Japan."""
    standings = _standings(contractor, wanted)
    classes = weakness.classes(contractor, wanted)
    return {
        "as_of": today,
        "suppliers": sum(n for _grade, _level, n in standings),
        "answered": sum(each.n for each in classes),
        "grades": _spread(Grade.values, ((grade, n) for grade, _level, n in standings)),
        "levels": _spread(Level.values, ((level, n) for _grade, level, n in standings)),
        "bands": _bands(contractor, wanted),
        "items": weakness.told(contractor, wanted, classes),
        "certifications": proof.held(contractor, wanted, today=today),
        **responding.responses(contractor, wanted, today=today),
        **amounts.told(contractor, wanted),
    }


def _standings(contractor: Contractor, wanted: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    rows = (
        Supplier.objects.of(contractor).filter(selecting.suppliers(contractor, wanted)).order_by()
    )
    return list(rows.values_list("standing_grade", "standing_level").annotate(Count("pk")))


def _spread(names: Iterable[str], counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Every name with its number of suppliers, and how many have no rating yet."""
    found = Counter[str]()
    for name, n in counted:
        found[name or UNRATED] += n
    return {name: found[name] for name in (*names, UNRATED)}


def _bands(contractor: Contractor, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = Tally.objects.of(contractor).filter(
        selecting.suppliers(contractor, wanted, of="supplier__")
    )
    found = dict(rows.order_by().values_list("band").annotate(Count("pk")))
    answered = sum(found.values())
    return [
        {
            "band": band,
            "n": found.get(band, 0),
            "percent": Cell(found.get(band, 0), answered).percent,
            "survey": survey.ipa().of_band(band, wanted.get("size_class")),
        }
        for band in BANDS
    ]
