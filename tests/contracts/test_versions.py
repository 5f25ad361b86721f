"""ETag and If-Match: nobody reads twice what did not change, or changes what nobody saw."""

from contextlib import closing
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from assessments.api.views import AssessmentViewSet
from contractors.api import versions
from contractors.api.problems import IfMatchInvalid
from events.models import Event
from tests.contracts.walking import CALLS, FILES, LISTS, SINGLE, each
from tests.factories import ContactFactory
from tests.racing import race
from tests.soaking import attempts, often

SUPPLIERS = "/api/v1/suppliers/"
ANOTHER = '"00000000000000000000000000000000"'
CHANGES = {  # what a PATCH of each address could say
    "api/v1/contractor/": [{"hours": "9時〜17時"}, {"hours": "10時〜16時"}],
    "api/v1/users/<uuid:public_id>/": [{"name": "佐藤"}, {"name": "鈴木"}],
    "api/v1/suppliers/<uuid:public_id>/": [{"name": "山田"}, {"name": "川田"}],
    "api/v1/suppliers/<uuid:supplier_id>/contacts/<uuid:public_id>/": [
        {"title": "社長"},
        {"title": "部長"},
    ],
    "api/v1/certifications/<uuid:public_id>/": [{"note": "確認した"}, {"note": "問い合わせた"}],
    "api/v1/campaigns/<uuid:public_id>/": [{"name": "春の確認"}, {"name": "秋の確認"}],
    "api/v1/webhooks/<uuid:public_id>/": [{"status": "disabled"}, {"kinds": ["rating.changed"]}],
}
CHANGING = [
    (route, method)
    for route, method in CALLS
    if method in versions.CONDITIONAL and route.actions[method] not in route.view.cls.unconditional
]
PATCHING = [(route, method) for route, method in CHANGING if method == "PATCH"]


@pytest.fixture
def careless(api):
    """The same caller, who sends no tag by itself."""
    api.careful = False
    return api


@each(SINGLE)
def test_what_is_read_has_a_strong_tag_and_is_not_sent_again(route, api, own):
    path = own(route)
    read = api.get(path)
    tag = read["ETag"]

    again = api.get(path, headers={"If-None-Match": tag})
    weakened = api.get(path, headers={"If-None-Match": f"{ANOTHER}, W/{tag}"})
    other = api.get(path, headers={"If-None-Match": ANOTHER})

    assert tag.startswith('"')
    assert [(each.status_code, each.content) for each in (again, weakened)] == [(304, b"")] * 2
    assert again["ETag"] == tag
    assert (other.status_code, other.content) == (200, read.content)
    for answer in (read, again):
        told = {each.strip() for each in answer["Vary"].split(",")}
        assert told >= {"Authorization", "Accept", "Accept-Language"}
        assert answer["Cache-Control"] == "private, no-cache"


def test_a_reading_may_insist_on_its_version(api, rows):
    path = f"{SUPPLIERS}{rows.make('suppliers').public_id}/"
    tag = api.get(path)["ETag"]

    same = api.get(path, headers={"If-Match": tag})
    other = api.get(path, headers={"If-Match": ANOTHER})

    assert same.status_code == 200
    assert (other.status_code, other.json()["code"]) == (412, "precondition-failed")


@each(SINGLE)
def test_the_tag_is_the_same_for_keys_with_the_same_rights(route, api, api_of, contractor, own):
    path = own(route)
    first, second = api.get(path), api_of(contractor).get(path)

    assert (first.content == second.content) == (first["ETag"] == second["ETag"])
    if route.pattern != "api/v1/api-keys/<uuid:public_id>/":
        assert first["ETag"] == second["ETag"]


@each(SINGLE)
def test_another_language_is_another_version(route, api, own):
    path = own(route)

    tags = [api.get(path, headers={"Accept-Language": each})["ETag"] for each in ("ja", "en")]

    assert len(set(tags)) == 2


@each(SINGLE)
def test_asking_for_the_head_tells_the_tag(route, api, own):
    path = own(route)

    assert api.head(path)["ETag"] == api.get(path)["ETag"]


@each(LISTS + FILES)
def test_lists_and_files_have_no_tag(route, api, own):
    with closing(api.get(own(route))) as answer:
        assert "ETag" not in answer


@each(CHANGING)
def test_without_the_tag_nothing_is_changed(route, method, careless, own):
    path = own(route)
    before = careless.get(path)

    answer = careless.generic(method, path, *body(route, method))

    assert answer.status_code == 428
    assert answer.json()["code"] == "precondition-required"
    assert careless.get(path).content == before.content


@each(CHANGING)
def test_with_an_old_tag_nothing_is_changed(route, method, careless, own):
    path = own(route)
    before = careless.get(path)

    for stale in (ANOTHER, f"W/{before['ETag']}", f"{ANOTHER}, {ANOTHER}"):
        answer = careless.generic(method, path, *body(route, method), headers={"If-Match": stale})

        assert answer.status_code == 412
        assert answer.json()["code"] == "precondition-failed"
        assert ("weak" in english(careless, method, path, stale)) == stale.startswith("W/")
    assert careless.get(path).content == before.content


@each(CHANGING)
@pytest.mark.parametrize("header", ["", "abc", "'abc'", '"abc', "W/abc"])
def test_what_is_no_tag_is_told_so(header, route, method, careless, own):
    answer = careless.generic(
        method, own(route), *body(route, method), headers={"If-Match": header}
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "if-match-invalid"


@each(CHANGING)
def test_what_is_not_there_is_missing_before_any_tag(route, method, careless):
    if "<uuid:" in route.pattern:
        assert careless.generic(method, route.address()).status_code == 404


@each(PATCHING)
def test_a_change_answers_the_next_tag(route, method, careless, own):
    path = own(route)
    for change in CHANGES[route.pattern]:
        read = careless.get(path)

        changed = careless.patch(path, change, headers={"If-Match": read["ETag"]})

        assert changed.status_code == 200
        assert changed["ETag"] != read["ETag"]
        after = careless.get(path)
        assert (changed["ETag"], changed.content) == (after["ETag"], after.content)


@each(PATCHING)
def test_any_version_will_do_where_the_caller_says_so(route, method, careless, own):
    [change, _other] = CHANGES[route.pattern]

    assert careless.patch(own(route), change, headers={"If-Match": "*"}).status_code == 200


def test_answers_are_never_written_over_unseen():
    request = Request(APIRequestFactory().patch("/", headers={"If-Match": "*"}))

    with pytest.raises(IfMatchInvalid):
        versions.seen(request, blind=AssessmentViewSet.blind)


@pytest.mark.parametrize("turned", [False, True])
def test_what_was_made_answers_the_tag_of_its_reading(turned, api):
    numbers = [("sap", "1"), ("a", "2")]
    wanted = {
        "code": "A-1",
        "name": "山田製作所",
        "external_ids": dict(reversed(numbers) if turned else numbers),
    }

    made = api.post(SUPPLIERS, wanted)

    read = api.get(made["Location"])
    assert (made["ETag"], made.content) == (read["ETag"], read.content)
    for verb in ("archive", "restore"):
        changed = api.post(f"{made['Location']}{verb}/")
        assert changed["ETag"] == api.get(made["Location"])["ETag"]


def test_what_is_shown_once_answers_the_tag_of_what_can_be_read(api):
    key = api.post("/api/v1/api-keys/", {"scopes": ["audit:read"]})
    hook = api.post("/api/v1/webhooks/", {"url": "https://minato.example/hook"})

    assert key["ETag"] == api.get(f"/api/v1/api-keys/{key.json()['id']}/")["ETag"]
    assert hook["ETag"] == api.get(f"/api/v1/webhooks/{hook.json()['id']}/")["ETag"]


def test_a_refused_version_does_not_burn_the_key_and_a_repetition_is_answered(careless, rows):
    path = f"{SUPPLIERS}{rows.make('suppliers').public_id}/"
    tag = careless.get(path)["ETag"]
    change = partial(careless.patch, path, {"name": "川田"})
    once = {"Idempotency-Key": "one"}

    refused = [change(headers=once), change(headers=once | {"If-Match": ANOTHER})]
    changed = change(headers=once | {"If-Match": tag})
    again = change(headers=once | {"If-Match": tag})

    assert [each.status_code for each in refused] == [428, 412]
    assert (changed.status_code, again.status_code) == (200, 200)
    assert "Idempotent-Replayed" not in changed
    assert again["Idempotent-Replayed"] == "true"
    assert (again.content, again["ETag"]) == (changed.content, changed["ETag"])
    assert Event.objects.filter(kind="supplier.updated").count() == 1


def test_a_system_of_record_may_write_without_a_tag_but_not_against_one(careless):
    path, wanted = f"{SUPPLIERS}by-code/A-1/", {"name": "山田製作所"}
    early = careless.put(path, wanted, headers={"If-Match": "*"})

    made = careless.put(path, wanted)
    changed = careless.put(path, {"name": "川田"}, headers={"If-Match": made["ETag"]})
    stale = careless.put(path, {"name": "森田"}, headers={"If-Match": made["ETag"]})

    answers = (early, made, changed, stale)
    assert [each.status_code for each in answers] == [412, 201, 200, 412]
    assert made["ETag"] != changed["ETag"]
    read = careless.get(f"{SUPPLIERS}{made.json()['id']}/")
    assert (read["ETag"], read.json()["name"]) == (changed["ETag"], "川田")


LINE = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
FIELDS = {
    "name": LINE,
    "name_kana": st.none() | LINE,
    "industry": st.none() | st.sampled_from("ABCDEFGHIJKLMNOPQRST"),
    "size_class": st.sampled_from([None, "small", "sme_up_to_100", "sme_101_plus", "large"]),
    "employees": st.none() | st.integers(0, 1000),
    "language": st.sampled_from(["ja", "en"]),
    "external_ids": st.dictionaries(LINE, LINE, max_size=3),
    "tags": st.lists(LINE, max_size=3),
    "handles_personal_data": st.booleans(),
    "exposure": st.fixed_dictionaries(
        {
            "confidential_information": st.none() | st.booleans(),
            "business_continuity": st.none() | st.booleans(),
            "system_access": st.none() | st.booleans(),
            "note": LINE,
        }
    ),
    "toriteki": st.sampled_from(["applies", "does_not", "unknown"]),
    "freelance_act": st.sampled_from(["applies", "does_not", "unknown"]),
}


@pytest.mark.soak
@effort(max_examples=often(60, 15))
@given(data=st.data())
def test_the_tag_changes_exactly_with_what_can_be_seen(data, api, rows):
    path = f"{SUPPLIERS}{rows.make('suppliers').public_id}/"
    before = api.get(path)
    names = data.draw(st.sets(st.sampled_from(sorted(FIELDS)), max_size=3))

    answer = api.patch(path, {name: data.draw(FIELDS[name]) for name in names})

    after = api.get(path)
    assert answer.status_code == 200
    assert (before.content == after.content) == (before["ETag"] == after["ETag"])
    assert answer["ETag"] == after["ETag"]


@pytest.mark.django_db
@given(st.binary(max_size=50), st.binary(max_size=50))
def test_tags_are_the_same_for_the_same_bytes_alone(one, other):
    assert (versions.tag(one) == versions.tag(other)) == (one == other)


def test_a_change_takes_as_many_queries_however_much_is_below(api, rows):
    supplier = rows.make("suppliers")
    path = f"{SUPPLIERS}{supplier.public_id}/"
    api.get(path)
    few = queries(api, path, {"name": "A"})
    for _ in range(5):
        ContactFactory.create(contractor=supplier.contractor, supplier=supplier)

    many = queries(api, path, {"name": "B"})

    assert few == many <= 20


@attempts(30, 5)
def test_of_two_changes_of_the_same_version_one_is_refused(attempt, committed, api, api_of, rows):
    both_change("api/v1/suppliers/<uuid:public_id>/", api, api_of, rows)


@pytest.mark.parametrize("pattern", [pattern for pattern in CHANGES if "hooks" not in pattern])
@attempts(3, 1)
def test_everywhere_one_of_two_changes_is_refused(pattern, attempt, committed, api, api_of, rows):
    both_change(pattern, api, api_of, rows)


def both_change(pattern, api, api_of, rows):
    [route] = [route for route in SINGLE if route.pattern == pattern]
    path = route.address(**rows.ids(route))
    read = {"If-Match": api.get(path)["ETag"]}
    callers = [api, api_of(rows.contractor)]

    answers = race(
        *(
            partial(caller.patch, path, change, headers=read)
            for caller, change in zip(callers, CHANGES[pattern], strict=True)
        )
    )

    assert sorted(each.status_code for each in answers) == [200, 412]
    [won] = [each for each in answers if each.status_code == 200]
    assert api.get(path).content == won.content


def body(route, method):
    """Something that would be taken, as `generic` wants it."""
    if method == "DELETE":
        return ()
    factory = APIRequestFactory()
    return factory._encode_data(CHANGES[route.pattern][0], format="json")


def english(api, method, path, tag):
    told = {"Accept-Language": "en", "If-Match": tag}
    return api.generic(method, path, headers=told).json()["detail"]


def queries(api, path, change):
    tag = api.get(path)["ETag"]
    with CaptureQueriesContext(connection) as taken:
        assert api.patch(path, change, headers={"If-Match": tag}).status_code == 200
    return len(taken)
