"""The people of a contractor: what each may do, and that there is always one who appoints."""

import json

import pytest

from contractors import appointing
from contractors.actors import SYSTEM
from contractors.models import ApiKey, Contractor, User
from contractors.roles import Role
from events.models import Event
from tests.factories import ContractorFactory, UserFactory
from tests.racing import race

URL = "/api/v1/users/"
KEYS = "/api/v1/api-keys/"
HANAKO = {"email": "Hanako@Minato.example", "name": "佐藤花子", "role": "buyer"}


@pytest.fixture
def admin(contractor):
    return UserFactory.create(contractor=contractor, role=Role.ADMIN)


@pytest.fixture
def own(api_of, contractor, admin):
    return api_of(contractor, user=admin)


def test_people_are_taken_on_and_listed(own, admin):
    answer = own.post(URL, HANAKO)

    made = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == f"{URL}{made['id']}/"
    assert made == {
        "id": made["id"],
        "name": "佐藤花子",
        "email": "hanako@minato.example",
        "role": "buyer",
        "active": True,
    }
    listed = own.get(URL).json()["results"]
    assert [each["id"] for each in listed] == [made["id"], str(admin.public_id)]


def test_a_role_counts_at_once_for_every_key_of_the_person(own, api_of, contractor):
    made = own.post(URL, HANAKO).json()
    hers = api_of(contractor, user=User.objects.get(public_id=made["id"]))
    assert hers.get("/api/v1/suppliers/").status_code == 200

    own.patch(f"{URL}{made['id']}/", {"role": "viewer"})

    assert hers.get("/api/v1/suppliers/").json()["code"] == "role-needed"


def test_who_is_deactivated_loses_every_key_for_good(own, api_of, contractor):
    person = UserFactory.create(contractor=contractor, role=Role.SECURITY)
    theirs = [api_of(contractor, user=person) for _ in range(2)]

    for _ in range(2):
        assert own.post(f"{URL}{person.public_id}/deactivate/").json()["active"] is False
    own.post(f"{URL}{person.public_id}/reactivate/")

    assert [each.get("/api/v1/suppliers/").status_code for each in theirs] == [401, 401]
    kinds = list(Event.objects.order_by("sequence").values_list("kind", flat=True))
    assert kinds[-4:] == [
        "user.deactivated", "api_key.revoked", "api_key.revoked", "user.reactivated",
    ]  # fmt: skip
    assert ApiKey.objects.filter(user=person, revoked_at=None).count() == 0


def test_the_last_admin_stays(own, admin):
    away = own.post(f"{URL}{admin.public_id}/deactivate/")
    less = own.patch(f"{URL}{admin.public_id}/", {"role": "security", "name": "別名"})

    assert [each.json()["code"] for each in (away, less)] == ["last-admin", "last-admin"]
    assert [each.status_code for each in (away, less)] == [409, 409]
    admin.refresh_from_db()
    assert (admin.active, admin.role, admin.name) == (True, "admin", "")
    assert not Event.objects.filter(kind__startswith="user.").exists()


def test_an_admin_who_is_gone_does_not_count(own, admin, contractor):
    UserFactory.create(contractor=contractor, role=Role.ADMIN, active=False)
    UserFactory.create(role=Role.ADMIN)

    assert own.post(f"{URL}{admin.public_id}/deactivate/").json()["code"] == "last-admin"


def test_of_two_admins_one_may_go(own, admin, contractor):
    UserFactory.create(contractor=contractor, role=Role.ADMIN)

    assert own.post(f"{URL}{admin.public_id}/deactivate/").status_code == 200
    assert own.get(URL).status_code == 401


def test_two_admins_cannot_take_each_other_away_at_once(committed):
    contractor = ContractorFactory.create()
    people = [UserFactory.create(contractor=contractor, role=Role.ADMIN) for _ in range(2)]

    def away(person):
        try:
            return appointing.deactivate(person, actor=SYSTEM, now=contractor.created_at)
        except appointing.LastAdmin as refusal:
            return refusal

    outcomes = race(*(lambda person=person: away(person) for person in people))

    assert sorted(isinstance(each, appointing.LastAdmin) for each in outcomes) == [False, True]
    assert User.objects.filter(active=True, role=Role.ADMIN).count() == 1


def test_a_mail_address_is_one_persons_within_a_contractor_alone(own, contractor):
    UserFactory.create(email="hanako@minato.example")
    assert own.post(URL, HANAKO).status_code == 201

    again = own.post(URL, {**HANAKO, "email": "HANAKO@minato.example"})

    assert (again.status_code, again.json()["code"]) == (409, "user-email-taken")
    assert User.objects.of(contractor).count() == 2


def test_a_change_to_anothers_address_is_refused_and_to_the_same_one_is_none(own, admin):
    made = own.post(URL, HANAKO).json()
    path = f"{URL}{made['id']}/"

    taken = own.patch(path, {"email": admin.email})
    same = own.patch(path, {"email": "HANAKO@MINATO.example"})

    assert taken.json()["code"] == "user-email-taken"
    assert same.status_code == 200
    assert not Event.objects.filter(kind="user.updated").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nobody"), ("role", "owner"), ("name", "a" * 101), ("active", True), ("id", "x")],
)
def test_a_wrong_person_gets_its_pointer_and_nobody_is_made(own, field, value):
    answer = own.post(URL, HANAKO | {field: value})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]
    assert User.objects.count() == 1


def test_events_tell_people_by_id_alone(own, contractor):
    made = own.post(URL, HANAKO).json()
    own.patch(f"{URL}{made['id']}/", {"name": "鈴木花子", "role": "security"})
    own.post(f"{URL}{made['id']}/deactivate/")

    feed = own.get("/api/v1/events/").json()["results"]

    told = [each for each in feed if each["kind"].startswith("user.")]
    assert [each["kind"] for each in told] == ["user.created", "user.updated", "user.deactivated"]
    assert told[1]["changed"] == ["name", "role"]
    assert told[1]["detail"] == {"old_role": "buyer", "new_role": "security"}
    assert {each["subject"]["id"] for each in told} == {made["id"]}
    text = json.dumps(feed, ensure_ascii=False)
    assert not [each for each in ("花子", "minato.example") if each in text]


def test_a_persons_key_makes_keys_of_the_same_person_alone(own, admin):
    made = own.post(KEYS, {"scopes": ["audit:read"]}).json()
    other = own.post(KEYS, {"scopes": ["audit:read"], "role": "security"})

    assert (made["user"], made["role"]) == (str(admin.public_id), "admin")
    assert (other.status_code, other.json()["code"]) == (409, "role-exceeds-own")


def test_a_systems_key_gives_roles_and_one_with_a_role_its_own(api, api_of, contractor):
    given = api.post(KEYS, {"scopes": ["suppliers:read"], "role": "buyer"}).json()
    narrow = api_of(contractor, role=Role.ADMIN)

    assert (given["user"], given["role"]) == (None, "buyer")
    assert api.post(KEYS, {"scopes": ["audit:read"]}).json()["role"] is None
    assert narrow.post(KEYS, {"scopes": ["audit:read"]}).json()["role"] == "admin"
    assert narrow.post(KEYS, {"scopes": ["audit:read"], "role": "security"}).status_code == 409


def test_the_service_itself_may_have_no_people(contractor, api):
    assert api.get(URL).json()["results"] == []
    assert Contractor.objects.count() == 1
