"""A page is read in the order of an index that begins with whose rows they are.

Otherwise PostgreSQL may walk the primary key, over the newer rows of all other contractors.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contracts.walking import PAGED

LARGE = {  # lists without bound, and the index that each is read by
    ("api/v1/suppliers/", ""): "supplier_newest",
    ("api/v1/suppliers/", "level=high"): "supplier_level",
    ("api/v1/assessments/", ""): "assessment_newest",
    ("api/v1/assessments/", "status=invited"): "assessment_status",
    ("api/v1/work-list/", ""): "assessment_undecided",
    ("api/v1/work-list/", "flag=by_hand"): "assessment_undecided",
    ("api/v1/work-list/", "flag=waiting"): "consultation_waiting",
    ("api/v1/certifications/", ""): "certification_newest",
    ("api/v1/certifications/", "scheme=isms"): "certification_scheme",
    ("api/v1/suppliers/<uuid:supplier_id>/evidence/", ""): "evidence_newest",
    ("api/v1/operations/", ""): "operation_newest",
    ("api/v1/ratings/", ""): "rating_newest",
    ("api/v1/webhooks/<uuid:endpoint_id>/deliveries/", ""): "delivery_newest",
}

PAGE = re.compile(r"ORDER BY (\S+ \* .{0,5}-1.{0,5}|\d+ ASC, \S+\.\"id\") ASC LIMIT 2$")


@pytest.mark.parametrize(("pattern", "query"), LARGE)
def test_a_page_of_a_large_list_is_read_by_an_index_of_its_owner(pattern, query, api, rows):
    [route] = [route for route in PAGED if route.pattern == pattern]
    address = f"{route.address(**rows.fill(route, 3))}?page_size=1&{query}"
    following = api.get(address).json()["next"] or address

    with CaptureQueriesContext(connection) as asked:
        assert api.get(following).status_code == 200

    [page] = [each["sql"] for each in asked.captured_queries if PAGE.search(each["sql"])]
    assert LARGE[pattern, query] in plan(page)


def plan(statement):
    """The plan without the shortcuts that only a table of three rows allows."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())
