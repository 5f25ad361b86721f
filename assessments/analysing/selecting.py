"""Which suppliers are looked at: the contractor's own that are not archived, and a filter."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q

from contractors.models import Contractor
from suppliers.models import Supplier

LOOKUPS: Final = {
    "industry": "industry",
    "size_class": "size_class",
    "tag": "tags__contains",
    "campaign": "campaigns__campaign",
}


def suppliers(contractor: Contractor | int, wanted: Mapping[str, Any], *, of: str = "") -> Q:
    """The condition on rows that have a supplier: `of` is the way to it, such as `supplier__`.

    The contractor is named of every table, or the suppliers of all contractors would be read.
    """
    found = Q(**{f"{of}contractor": contractor, f"{of}status": Supplier.Status.ACTIVE})
    for name, lookup in LOOKUPS.items():
        if name in wanted:
            value = [wanted[name]] if name == "tag" else wanted[name]
            found &= Q(**{f"{of}{lookup}": value})
    return found
