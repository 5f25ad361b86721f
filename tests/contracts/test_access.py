"""Who gets in: every route, every method, every scope."""

import pytest

from contractors.api.authentication import HasScope
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import INCLUDED, Contractor, OwnedQuerySet, Scope
from tests.calling import Caller
from tests.contracts.walking import API, CALLS, each


def by_person(route, method):
    """A view that is none of ours is for the first test to find, not for a crash."""
    return route.actions[method] in getattr(route.view.cls, "by_person", ())


ANY = "00000000-0000-7000-8000-000000000000"


@each(API)
def test_every_view_of_the_api_sees_own_rows_only(route):
    view = route.view.cls

    assert issubclass(view, OwnRowsViewSet)
    assert view.queryset.model is Contractor or isinstance(view.queryset, OwnedQuerySet)
    assert view.permission_classes == [HasScope]


@each(CALLS)
def test_every_call_declares_the_scope_it_needs(route, method):
    assert needed(route, method) in Scope


@pytest.mark.django_db
@each(CALLS)
def test_without_a_key_nothing_is_told(route, method):
    answer = Caller().generic(method, route.address())

    assert answer.status_code == 401
    assert answer.json()["code"] == "not-authenticated"
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


@each(CALLS)
def test_a_key_that_lacks_the_scope_is_told_which(route, method, contractor, api_of):
    scope = needed(route, method)
    giving = {scope} | {wide for wide, narrow in INCLUDED.items() if narrow == scope}
    poor = api_of(contractor, *(set(Scope.values) - giving))

    answer = poor.generic(method, route.address())

    assert answer.status_code == 403
    assert answer.json()["code"] == "insufficient-scope"
    assert answer.json()["scope"] == scope
    assert scope in answer["WWW-Authenticate"]


@pytest.mark.parametrize(
    "header", ["Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "tsk_a_b", "Bearer é\x00", "bearer x y"]
)
def test_what_is_no_key_is_refused(header, db):
    answer = Caller().get("/api/v1/suppliers/", HTTP_AUTHORIZATION=header)

    assert answer.status_code == 401


def test_a_revoked_key_stops_at_once(api, contractor):
    [key] = contractor.keys.all()
    assert api.get("/api/v1/suppliers/").status_code == 200

    api.post(f"/api/v1/api-keys/{key.public_id}/revoke/")

    assert api.get("/api/v1/suppliers/").json()["code"] == "authentication-failed"


@each([(route, method) for route, method in CALLS if by_person(route, method)])
def test_what_a_person_answers_for_needs_a_key_of_one(route, method, contractor, api_of):
    answer = api_of(contractor).generic(method, route.address())

    assert answer.status_code == 403
    assert answer.json()["code"] == "person-needed"


def test_holding_orders_and_deciding_anew_is_for_people():
    found = {(r.pattern.rsplit("/", 2)[1], r.actions[m]) for r, m in CALLS if by_person(r, m)}

    assert found == {("hold", "hold"), ("release", "release"), ("reopen", "reopen")}


def needed(route, method):
    view = route.view.cls(action=None)
    view.action = route.actions[method]
    view.request = type("Request", (), {"method": method})
    return view.scope_needed()
