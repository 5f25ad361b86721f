"""Query parameters: a typing error never returns everything, and no value is a crash."""

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.contracts.walking import CALLS, LISTS, each
from tests.soaking import often

NO_SIZES = ["0", "-1", "NaN", "text", "1.5", "", " 1", "1_0", "\uff11", "9" * 5000]


@each(CALLS)
def test_an_unknown_parameter_is_refused_with_those_that_exist(route, method, api):
    for name in ("nmae", "format", "_connector", "pk__in", "contractor", "a\0b", "__class__"):
        answer = api.generic(
            method, route.address(), QUERY_STRING=f"{name}=1", headers={"Idempotency-Key": "a"}
        )

        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (400, "unknown-parameter")
        assert problem["unknown"] == [name]
        assert problem["known"] == sorted(known(route, method))


@each(LISTS)
@pytest.mark.parametrize("size", NO_SIZES)
def test_a_page_size_that_is_none_is_refused(route, size, api, own):
    answer = api.get(own(route), {"page_size": size})

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/page_size"]


@each(LISTS)
def test_a_parameter_that_stands_twice_is_refused(route, api, own):
    answer = api.get(own(route) + "?page_size=1&page_size=2")

    assert [each["code"] for each in answer.json()["errors"]] == ["repeated"]


def test_all_wrong_parameters_are_told_at_once(api):
    answer = api.get("/api/v1/suppliers/?page_size=0&industry=Z&status=x&search=%00")

    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/page_size",
        "/industry",
        "/status",
        "/search",
    }


def test_a_refusal_may_repeat_what_the_caller_sent(api):
    answer = api.get("/api/v1/suppliers/", {"status": "SELECT", "search": "\0"})

    assert answer.status_code == 400
    assert "SELECT" in answer.content.decode()


@each(LISTS)
@pytest.mark.soak
@effort(max_examples=often(40, 12))
@given(data=st.data())
def test_no_value_of_a_parameter_is_a_crash(route, api, own, data):
    values = st.text(max_size=60) | st.sampled_from(["null", "true", "1", "A", "sap:1", ":", "%"])
    names = st.sampled_from(sorted(known(route, "GET")))

    query = data.draw(st.dictionaries(names, values, max_size=4))

    assert api.get(own(route), encodable(query)).status_code in {200, 400}


def encodable(query):
    return {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}


def known(route, method):
    view = route.view.cls(action=None, **route.view.initkwargs)
    view.action = route.actions[method]
    return {name for reader in view.readers() for name in reader().fields}
