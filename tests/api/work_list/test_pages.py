"""The parts of the list are one: its pages go through all of them."""

import pytest

from assessments import consulting
from tests.acts.test_consulting import PERSON
from tests.api.work_list.listing import NOW, PATH, ask, asked, call, hand_in, lose, work

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_pages_go_through_the_parts_and_back(api, contractor, size):
    for _ in range(3):
        ask(contractor, NOW)
        call(contractor, NOW)
        lose(contractor, "bounced")
        lose(contractor, "put-off")
        hand_in(contractor, "unknown")
    whole = [(row["id"], row["kind"]) for row in work(api)]

    address, down = f"{PATH}?page_size={size}", []
    while address:
        page = api.get(address).json()
        down.append([(row["id"], row["kind"]) for row in page["results"]])
        last, address = address, page["next"]
    up, address = [], last
    while address:
        page = api.get(address).json()
        up.insert(0, [(row["id"], row["kind"]) for row in page["results"]])
        address = page["previous"]

    assert len(whole) == 15
    assert down == up == [whole[at : at + size] for at in range(0, 15, size)]


def test_a_thread_answered_between_two_pages_hides_no_other(api, contractor):
    threads = [ask(contractor, NOW) for _ in range(3)]
    decision = hand_in(contractor, "unknown")
    following = api.get(PATH, {"page_size": "2"}).json()["next"]
    consulting.write(threads[1], "お答えします。", voice=PERSON, now=NOW)

    page = api.get(following).json()

    assert asked(page["results"]) == [str(threads[2].public_id), None]
    assert page["results"][1]["id"] == str(decision.public_id)
