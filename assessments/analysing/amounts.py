"""Yearly spending and damage, which suppliers were promised to be shown in aggregates only.

Told of all suppliers together, never of a filter's, and in batches: the answers of up to nine
suppliers wait for the tenth, so that no single answer moves a figure while somebody looks.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db import connection

from contractors.models import Contractor
from ratings.suppressing import Cell, withhold
from suppliers.models import Supplier

BATCH: Final = 10  # suppliers
CHOICES: Final = {  # yen a year; as the company's profile offers them
    "spending": (
        "0", "1-99999", "100000-499999", "500000-999999", "1000000-4999999", "5000000-", "unknown",
    ),
    "incident_damage": (
        "0", "1-99999", "100000-999999", "1000000-9999999", "10000000-", "unknown",
    ),
}  # fmt: skip
FIRST_BATCHES: Final = """
SELECT told.choice, count(*)
FROM (
    SELECT
        tally.profile ->> %(name)s AS choice,
        row_number() OVER (ORDER BY tally.submission_id) AS place,
        count(*) OVER () AS suppliers
    FROM assessments_tally AS tally
    JOIN suppliers_supplier AS supplier ON supplier.id = tally.supplier_id
    WHERE tally.contractor_id = %(contractor)s
        AND supplier.contractor_id = %(contractor)s
        AND supplier.status = %(active)s
        AND tally.profile ? %(name)s
) AS told
WHERE told.place <= told.suppliers - mod(told.suppliers, %(batch)s)
GROUP BY told.choice
"""


def told(contractor: Contractor, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing where a filter is given: the difference of two filters could be one supplier."""
    if wanted:
        return {"spending": None, "damage": None}
    return {
        "spending": _counted(contractor, "spending"),
        "damage": _counted(contractor, "incident_damage"),
    }


def _counted(contractor: Contractor, name: str) -> dict[str, Any]:
    parameters: dict[str, str | int] = {
        "name": name,
        "contractor": contractor.pk,
        "active": Supplier.Status.ACTIVE.value,
        "batch": BATCH,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIRST_BATCHES, parameters)
        found: dict[str, int] = dict(cursor.fetchall())
    return {"n": sum(found.values()), "choices": list(_choices(name, found))}


def _choices(name: str, found: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    together = sum(found.values())
    cells = [Cell(found.get(choice, 0), together) for choice in CHOICES[name]]
    withheld = withhold(cells)
    for place, (choice, cell) in enumerate(zip(CHOICES[name], cells, strict=True)):
        shown = None if place in withheld.places else cell
        yield {
            "choice": choice,
            "n": shown and shown.n,
            "percent": shown and shown.percent,
            "suppressed": shown is None,
        }
