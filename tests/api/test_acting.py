"""A system says which person decided: recorded, limited by the person's role, never invented."""

import uuid

import pytest
from django.utils import timezone

from assessments import submitting
from assessments.submitting import Responsible
from contractors.roles import Role
from events.models import Event
from tests.factories import AnsweredFactory, UserFactory


@pytest.fixture
def submitted(contractor):
    row = AnsweredFactory.create(contractor=contractor)
    who = Responsible(name="山田太郎", title="社長", email="yamada@yamada.example")
    submitting.submit(row, responsible=who, now=timezone.now())
    return f"/api/v1/assessments/{row.public_id}/"


@pytest.fixture
def someone(contractor):
    return UserFactory.create(contractor=contractor, role=Role.SECURITY)


def acting(user):
    return {"Acting-User": str(getattr(user, "public_id", user))}


def test_the_person_that_is_named_decided(api, submitted, someone):
    answer = api.post(f"{submitted}accept/", headers=acting(someone))

    assert answer.json()["decided_by"] == {"type": "user", "id": str(someone.public_id)}
    event = Event.objects.get(kind="assessment.accepted")
    assert event.actor == {"type": "user", "id": str(someone.public_id)}


def test_without_a_name_the_key_decided(api, submitted, contractor):
    answer = api.post(f"{submitted}accept/")

    key = contractor.keys.get()
    assert answer.json()["decided_by"] == {"type": "api_key", "id": str(key.public_id)}


def test_the_role_of_the_person_limits_the_call(api, submitted, contractor):
    buyer = UserFactory.create(contractor=contractor, role=Role.BUYER)

    answer = api.post(f"{submitted}accept/", headers=acting(buyer))

    assert (answer.status_code, answer.json()["code"]) == (403, "role-needed")
    assert api.get(f"{submitted}answers/", headers=acting(buyer)).json()["code"] == "answers-closed"


@pytest.mark.parametrize("who", ["nobody", "no id", "", "another tenant's", "gone"])
def test_who_is_no_active_person_of_ours_decides_nothing(who, api, submitted, contractor):
    named = {
        "nobody": uuid.uuid4(),
        "another tenant's": UserFactory.create(),
        "gone": UserFactory.create(contractor=contractor, active=False),
    }.get(who, who)

    answer = api.post(f"{submitted}accept/", headers=acting(named))

    assert (answer.status_code, answer.json()["code"]) == (403, "acting-user-invalid")
    assert api.get(submitted).json()["status"] == "submitted"


def test_a_persons_key_acts_for_that_person_alone(api_of, submitted, contractor, someone):
    own = api_of(contractor, user=UserFactory.create(contractor=contractor))

    assert own.get(submitted, headers=acting(someone)).json()["code"] == "acting-user-invalid"
    assert (
        api_of(contractor, user=someone).get(submitted, headers=acting(someone)).status_code == 200
    )


def test_a_key_with_a_role_acts_for_people_of_that_role(api_of, submitted, contractor, someone):
    narrow = api_of(contractor, role=Role.SECURITY)
    admin = UserFactory.create(contractor=contractor, role=Role.ADMIN)

    assert narrow.get(submitted, headers=acting(someone)).status_code == 200
    assert narrow.get(submitted, headers=acting(admin)).json()["code"] == "role-needed"


def test_what_a_person_must_answer_for_needs_more_than_a_name(api, submitted, someone):
    api.post(f"{submitted}accept/")

    answer = api.post(f"{submitted}reopen/", headers=acting(someone))

    assert (answer.status_code, answer.json()["code"]) == (403, "person-needed")


def test_the_same_question_of_another_person_is_another_question(api, someone, contractor):
    other = UserFactory.create(contractor=contractor)
    body = {"code": "A-1", "name": "山田製作所"}
    key = {"Idempotency-Key": "a-key-of-its-own"}

    first = api.post("/api/v1/suppliers/", body, headers=key | acting(someone))
    second = api.post("/api/v1/suppliers/", body, headers=key | acting(other))

    assert first.status_code == 201
    assert second.json()["code"] == "idempotency-mismatch"
