"""Which ratings a caller sees item by item: those whose answers were opened to its role."""

from collections.abc import Collection

from contractors.models import ApiKey
from ratings.models import Rating
from suppliers.models import Supplier


def opened(key: ApiKey, rows: Collection[Rating]) -> set[int]:
    """Their primary keys, by at most one query for any number of rows.

    A rating of a submission follows its request. Others were summed again, from answers of any
    request of the supplier, so each of these must be open. `select_related` as for `RatingOut`.
    """
    asked = {row.pk: row.submission.assessment for row in rows if hasattr(row, "submission")}
    own = {pk for pk, assessment in asked.items() if key.reads(assessment.readers())}
    again = [row for row in rows if row.pk not in asked]
    suppliers = wholly_opened(key, {row.supplier_id for row in again})
    return own | {row.pk for row in again if row.supplier_id in suppliers}


def wholly_opened(key: ApiKey, suppliers: Collection[int]) -> set[int]:
    """Of these suppliers, by primary key, those all of whose answers the key may read."""
    if not suppliers or not key.reads(frozenset({key.reads_as()})):
        return set()
    rows = Supplier.objects.filter(pk__in=suppliers).opened_to(key.reads_as())
    return set(rows.values_list("pk", flat=True))
