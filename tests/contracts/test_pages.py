"""Lists by cursor: every row once, whatever happens meanwhile, at the same cost everywhere."""

import itertools
import random
import string
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from suppliers.models import Supplier
from tests.contracts.rows import Rows
from tests.contracts.walking import LISTS, PAGED, each
from tests.factories import ContractorFactory

PATH = "/api/v1/suppliers/"


def test_the_feed_alone_has_a_paging_of_its_own():
    assert {route.pattern for route in LISTS} - {route.pattern for route in PAGED} == {
        "api/v1/events/"
    }


@each(PAGED)
def test_pages_go_down_and_up_again_through_the_same_rows(route, api, rows):
    path = route.address(**rows.fill(route, 5))
    whole = [row["id"] for row in api.get(path).json()["results"]]

    down = list(walk(api, f"{path}?page_size=2", "next"))
    up = list(walk(api, down[-1]["url"], "previous"))

    assert list(itertools.chain(*(page["ids"] for page in down))) == whole
    assert list(itertools.chain(*(page["ids"] for page in reversed(up)))) == whole
    assert down[0]["previous"] is None
    assert up[-1]["previous"] is None


@each(PAGED)
def test_a_page_has_50_rows_unless_told_and_200_at_most(route, api, rows):
    answer = api.get(route.address(**rows.fill(route, 1)), {"page_size": "201"})

    assert answer.status_code == 200
    assert answer.json().keys() == {"results", "next", "previous"}


def test_larger_pages_are_clamped(api, many):
    many(203)

    assert len(api.get(PATH).json()["results"]) == 50
    assert len(api.get(PATH, {"page_size": "100000000"}).json()["results"]) == 200


def test_addresses_stand_in_the_body_and_in_the_link_header(api, many):
    many(5)
    first = api.get(PATH, {"page_size": "2", "status": "active"})

    second = api.get(first.json()["next"])

    told = second.json()
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    assert second["Link"] == f'<{told["next"]}>; rel="next", <{told["previous"]}>; rel="prev"'
    assert parse_qs(urlsplit(told["next"]).query)["status"] == ["active"]
    assert urlsplit(told["next"])[:3] == ("http", "testserver", PATH)


@effort(max_examples=30)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 7))
def test_rows_that_exist_all_the_time_are_seen_exactly_once(api, many, seed, size):
    chance = random.Random(seed)
    Supplier.objects.all().delete()
    kept = set(many(15))
    doomed = list(many(10))
    seen, address = [], f"{PATH}?page_size={size}"

    while address:
        page = api.get(address).json()
        seen += [row["id"] for row in page["results"]]
        many(chance.randrange(3))
        for _ in range(min(chance.randrange(3), len(doomed))):
            Supplier.objects.filter(public_id=doomed.pop(chance.randrange(len(doomed)))).delete()
        address = page["next"]

    assert len(seen) == len(set(seen))
    assert kept <= set(seen)


def test_a_row_removed_at_the_edge_leaves_no_gap_on_the_way_back(api, many):
    ids = list(reversed(list(many(6))))
    second = api.get(api.get(f"{PATH}?page_size=2").json()["next"]).json()
    Supplier.objects.filter(public_id__in=ids[2:4]).delete()

    again = api.get(api.get(api.get(f"{PATH}?page_size=2").json()["next"]).json()["previous"])
    back = api.get(second["previous"]).json()

    assert [row["id"] for row in again.json()["results"]] == ids[:2]
    assert [row["id"] for row in back["results"]] == ids[:2]
    below = api.get(second["next"]).json()
    Supplier.objects.filter(public_id__in=ids[4:]).delete()
    emptied = api.get(second["next"]).json()
    assert [row["id"] for row in below["results"]] == ids[4:]
    assert emptied["results"] == []
    assert [row["id"] for row in api.get(emptied["previous"]).json()["results"]] == ids[:2]


def test_a_cursor_belongs_to_its_list_its_filters_and_its_contractor(api, api_of, many):
    many(3)
    stranger = ContractorFactory.create()
    Rows(stranger).make("suppliers")
    cursor = parse_qs(urlsplit(api.get(PATH, {"page_size": "1"}).json()["next"]).query)["cursor"][0]

    strange = [
        api.get(PATH, {"cursor": cursor, "status": "active"}),
        api.get("/api/v1/webhooks/", {"cursor": cursor}),
        api_of(stranger).get(PATH, {"cursor": cursor}),
    ]

    assert api.get(PATH, {"cursor": cursor, "page_size": "2"}).status_code == 200
    assert [answer.json()["code"] for answer in strange] == ["cursor-invalid"] * 3


def test_a_cursor_with_one_wrong_character_is_refused(api, many):
    many(3)
    cursor = parse_qs(urlsplit(api.get(PATH, {"page_size": "1"}).json()["next"]).query)["cursor"][0]
    letters = string.ascii_letters + string.digits + "-_=+/. "

    for place in range(len(cursor)):
        other = random.choice([letter for letter in letters if letter != cursor[place]])
        broken = cursor[:place] + other + cursor[place + 1 :]
        answer = api.get(PATH, {"cursor": broken})
        assert answer.status_code == 400, (place, other)


@pytest.mark.parametrize("cursor", ["", "x", "=", "あ", "a" * 500, "gAAAAA", "%00"])
def test_what_is_no_cursor_is_refused(cursor, api):
    answer = api.get(PATH, {"cursor": cursor})

    assert answer.status_code == 400


def test_a_cursor_tells_no_primary_key(api, many):
    many(3)
    first = Supplier.objects.order_by("-pk").first()

    [one, other] = [api.get(PATH, {"page_size": "1"}).json()["next"] for _ in range(2)]

    assert one != other
    assert str(first.pk) not in one.partition("cursor=")[0]


@pytest.fixture
def many(contractor):
    """Makes suppliers, and gives back their ids in the order they were made."""
    numbers = itertools.count()

    def many(count):
        now = timezone.now()
        made = Supplier.objects.bulk_create(
            Supplier(
                contractor=contractor,
                code=f"many-{next(numbers)}",
                name="山田製作所",
                created_at=now,
                updated_at=now,
            )
            for _ in range(count)
        )
        return [str(each.public_id) for each in made]

    return many


def walk(api, address, direction):
    while address:
        page = api.get(address).json()
        yield {"url": address, "ids": [row["id"] for row in page["results"]], **page}
        address = page[direction]
