"""Who gets in: every route, every method, every scope, every role."""

import pytest

from contractors.api.authentication import MayCall
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import INCLUDED, Contractor, OwnedQuerySet, Scope
from contractors.roles import ADMINS, DECIDERS, EVERYBODY, Role
from tests.calling import Caller
from tests.contracts.walking import API, CALLS, each
from tests.factories import UserFactory


def by_person(route, method):
    """A view that is none of ours is for the first test to find, not for a crash."""
    return route.actions[method] in getattr(route.view.cls, "by_person", ())


def may(role):
    """What the views declare for a role, as `PATCH contractor`."""
    mine = [(route, method) for route, method in CALLS if role in allowed(route, method)]
    return {
        f"{method} {route.pattern.removeprefix('api/v1/').rstrip('/')}" for route, method in mine
    }


ANOTHER = '"00000000000000000000000000000000"'
COUNTS = {  # what everybody of the contractor may read, whatever the role
    "GET analytics/crosstab",
    "GET analytics/portfolio",
    "GET benchmarks",
    "GET contractor",
    "GET questionnaires",
    "GET questionnaires/<uuid:public_id>",
}
JUDGED = {
    "POST assessments/<uuid:public_id>/accept",
    "POST assessments/<uuid:public_id>/return",
    "POST assessments/<uuid:public_id>/reopen",
    "POST certifications/<uuid:public_id>/verify",
    "POST certifications/<uuid:public_id>/reject",
    "GET events",
}


@each(API)
def test_every_view_of_the_api_sees_own_rows_only(route):
    view = route.view.cls

    assert issubclass(view, OwnRowsViewSet)
    assert view.queryset.model is Contractor or isinstance(view.queryset, OwnedQuerySet)
    assert view.permission_classes == [MayCall]


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


@each(CALLS)
def test_each_role_gets_in_where_it_is_declared_and_nowhere_else(route, method, contractor, api_of):
    declared = allowed(route, method)
    for role in Role:
        person = UserFactory.create(contractor=contractor, role=role)
        for caller in (api_of(contractor, user=person), api_of(contractor, role=role)):
            answer = caller.generic(method, route.address(), headers={"If-Match": ANOTHER})

            if role in declared:
                assert answer.status_code != 403 or answer.json()["code"] == "person-needed"
            else:
                assert answer.status_code == 403
                assert answer.json()["code"] == "role-needed"
                assert answer.json()["roles"] == sorted(declared)
                assert answer.json()["role"] == role


def test_viewers_see_counts():
    assert may(Role.VIEWER) == COUNTS


def test_buyers_ask_and_do_not_judge():
    assert may(Role.BUYER) >= {"POST assessments", "GET suppliers/<uuid:public_id>/clearance"}
    assert not may(Role.BUYER) & JUDGED
    assert may(Role.SECURITY) >= JUDGED


def test_what_keeps_the_tenant_itself_is_for_admins():
    kept = ("api-keys", "users", "webhooks")
    found = {call for call in may(Role.ADMIN) if call.split()[1].startswith(kept)}
    found |= {"PATCH contractor", "POST assessments/<uuid:public_id>/share"}

    assert found <= may(Role.ADMIN)
    assert not found & may(Role.SECURITY)


def test_who_may_more_may_whatever_who_may_less_may():
    assert may(Role.VIEWER) < may(Role.BUYER) < may(Role.SECURITY) < may(Role.ADMIN)


def test_what_declares_no_role_is_for_admins():
    view = OwnRowsViewSet(action="forgotten")

    assert view.roles_allowed() == ADMINS
    assert ADMINS < DECIDERS < EVERYBODY


def test_a_role_counts_as_it_is_now(contractor, api_of):
    person = UserFactory.create(contractor=contractor, role=Role.BUYER)
    own = api_of(contractor, user=person)
    assert own.get("/api/v1/suppliers/").status_code == 200

    person.role = Role.VIEWER
    person.save()

    assert own.get("/api/v1/suppliers/").json()["code"] == "role-needed"


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


def test_holding_orders_deciding_anew_ending_talks_and_testing_is_for_people():
    found = {(r.pattern.rsplit("/", 2)[1], r.actions[m]) for r, m in CALLS if by_person(r, m)}

    acts = {"hold", "release", "reopen", "agree", "refuse", "close", "test"}
    assert found == {(name, name) for name in acts}


def needed(route, method):
    return acting(route, method).scope_needed()


def allowed(route, method):
    return acting(route, method).roles_allowed()


def acting(route, method):
    view = route.view.cls(action=None)
    view.action = route.actions[method]
    view.request = type("Request", (), {"method": method})
    return view
