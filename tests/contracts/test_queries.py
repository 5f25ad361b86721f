"""A list and a row cost the same number of queries, however much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contracts.walking import API, LISTS, each

FRAME = 3  # the key, and the transaction's two ends
MOST = 8  # of a view's own


@each(LISTS)
def test_a_list_takes_as_many_queries_for_5_rows_as_for_1(route, api, rows):
    path = route.address(**rows.fill(route, 1))
    api.get(path)  # notes the use of the key
    one = queries(api, path)

    five = queries(api, route.address(**rows.fill(route, 5)))

    assert five == one
    assert five <= FRAME + MOST


@each([route for route in API if route.actions.get("GET") in {"list", "retrieve"}])
def test_reading_never_writes(route, api, own):
    path = own(route)
    api.get(path)

    with CaptureQueriesContext(connection) as taken:
        api.get(path)

    assert {query["sql"].split()[0] for query in taken} <= {"SELECT", "SAVEPOINT", "RELEASE"}


def test_a_page_of_suppliers_is_one_query(api, rows):
    for _ in range(3):
        rows.make("suppliers")
    api.get("/api/v1/suppliers/")

    assert queries(api, "/api/v1/suppliers/") == FRAME + 1


def queries(api, path):
    with CaptureQueriesContext(connection) as taken:
        assert api.get(path).status_code == 200
    return len(taken)


@pytest.mark.parametrize("cost", ["OFFSET", "COUNT("])
def test_no_page_counts_or_skips(cost, api, rows):
    for _ in range(3):
        rows.make("suppliers")

    with CaptureQueriesContext(connection) as taken:
        api.get(api.get("/api/v1/suppliers/?page_size=1").json()["next"])

    assert not [q for q in taken if cost in q["sql"]]
