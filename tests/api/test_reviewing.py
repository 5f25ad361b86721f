"""The contractor accepts what was handed in, asks back, or decides anew."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import submitting
from assessments.models import Clarification, Occasion, Status
from assessments.submitting import Responsible
from contractors.models import Scope
from events.models import Event
from suppliers import days
from tests.factories import AnsweredFactory, AssessmentFactory, ContractorFactory, UserFactory

pytestmark = pytest.mark.django_db
RESPONSIBLE = Responsible(name="山田太郎", title="社長", email="yamada@yamada.example")
QUESTION = "どのパソコンが対象ですか。"


def soon(count):
    return days.in_japan(timezone.now()) + timedelta(days=count)


def hand_in(assessment):
    return submitting.submit(assessment, responsible=RESPONSIBLE, now=timezone.now())


@pytest.fixture
def handed_in(contractor):
    assessment = AnsweredFactory.create(contractor=contractor)
    hand_in(assessment)
    return assessment


def act(api, assessment, name, **body):
    return api.post(f"/api/v1/assessments/{assessment.public_id}/{name}/", body)


def ask_back(api, assessment, *numbers, **more):
    items = [{"number": number, "question": QUESTION} for number in numbers]
    return act(api, assessment, "return", items=items, due_on=f"{soon(14)}", **more)


def kinds():
    return list(Event.objects.order_by("sequence").values_list("kind", flat=True))


def test_what_was_accepted_says_when_and_by_whom(api, handed_in):
    answer = act(api, handed_in, "accept")

    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "accepted")
    assert told["decided_at"] is not None
    assert told["decided_by"]["type"] == "api_key"
    last = told["history"][-1]
    assert (last["status"], last["actor"]) == ("accepted", told["decided_by"])
    assert last["request_id"]
    assert kinds()[-1] == "assessment.accepted"


def test_questions_go_back_in_one_letter_with_a_new_due_day(api, handed_in):
    answer = ask_back(api, handed_in, 5, 3, reason="急ぎません。")

    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "returned")
    assert (told["due_on"], told["return_reason"]) == (f"{soon(14)}", "急ぎません。")
    assert told["decided_at"] is None
    [event] = Event.objects.filter(kind="assessment.returned")
    assert event.detail == {"items": [3, 5]}
    assert Occasion.objects.filter(kind=Occasion.Kind.RETURNED).count() == 1
    handed_in.refresh_from_db()
    assert days.in_japan(handed_in.remind_at) < soon(14)


def test_every_question_back_is_listed_with_what_it_is_about(api, handed_in):
    ask_back(api, handed_in, 3)

    path = f"/api/v1/assessments/{handed_in.public_id}/clarifications/"
    [told] = api.get(path).json()["results"]

    assert (told["number"], told["question"], told["state"]) == (3, QUESTION, "open")
    assert told["submission"] == str(handed_in.submissions.get().public_id)
    assert told["asked_by"]["type"] == "api_key"


def test_a_second_submission_is_a_snapshot_of_its_own(api, handed_in):
    first = handed_in.submissions.get()
    ask_back(api, handed_in, 3)
    handed_in.answers.filter(number=3).update(value="partly")

    second = hand_in(handed_in)

    handed_in.refresh_from_db()
    assert (handed_in.status, second.number) == (Status.SUBMITTED, 2)
    assert second.digest != first.digest
    assert second.receipt.endswith("-2")
    assert second.rating != first.rating
    assert Occasion.objects.filter(kind=Occasion.Kind.RECEIPT).count() == 1


def test_accepting_resolves_what_was_asked_back(api, handed_in):
    ask_back(api, handed_in, 3)
    hand_in(handed_in)

    act(api, handed_in, "accept")

    assert Clarification.objects.get().state() == Clarification.State.RESOLVED


def test_a_further_return_asks_anew_about_the_same_item(api, handed_in):
    ask_back(api, handed_in, 3)
    hand_in(handed_in)

    ask_back(api, handed_in, 3)

    states = [each.state() for each in Clarification.objects.order_by("pk")]
    assert states == [Clarification.State.RESOLVED, Clarification.State.OPEN]


def test_a_person_takes_an_acceptance_back(api_of, contractor, handed_in):
    person = UserFactory.create(contractor=contractor)
    own = api_of(contractor, user=person)
    act(own, handed_in, "accept")

    answer = act(own, handed_in, "reopen")

    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "submitted")
    assert (told["decided_at"], told["decided_by"]) == (None, None)
    last = told["history"][-1]
    assert last["actor"] == {"type": "user", "id": str(person.public_id)}
    assert kinds()[-2:] == ["assessment.accepted", "assessment.reopened"]


def test_a_key_without_a_person_cannot_reopen(api, handed_in):
    act(api, handed_in, "accept")

    assert act(api, handed_in, "reopen").status_code == 403


@pytest.mark.parametrize("status", [each for each in Status if each != Status.SUBMITTED])
@pytest.mark.parametrize("name", ["accept", "return"])
def test_only_what_was_handed_in_can_be_decided(api, contractor, status, name):
    assessment = AssessmentFactory.create(contractor=contractor, status=status)
    body = {"reason": "確認のため", "due_on": f"{soon(14)}"} if name == "return" else {}

    answer = act(api, assessment, name, **body)

    assert answer.status_code == 409
    assert answer.json()["code"] == "wrong-status"
    assert "submitted" in answer.json()["allowed"]
    assert not Event.objects.filter(kind__startswith="assessment.").exists()


@pytest.mark.parametrize("status", [each for each in Status if each != Status.ACCEPTED])
def test_only_what_was_accepted_can_be_reopened(api_of, contractor, status):
    own = api_of(contractor, user=UserFactory.create(contractor=contractor))
    assessment = AssessmentFactory.create(contractor=contractor, status=status)

    answer = act(own, assessment, "reopen")

    assert (answer.status_code, answer.json()["allowed"]) == (409, ["accepted"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/items"),
        ({"items": [{"number": 26, "question": "?"}]}, "/items/0/number"),
        ({"items": [{"number": 1, "question": ""}]}, "/items/0/question"),
        ({"items": [{"number": 1, "question": "?"}] * 2}, "/items"),
        ({"reason": "確認のため", "due_on": "2020-01-31"}, "/due_on"),
        ({"reason": "確認のため", "due_on": "2099-01-31"}, "/due_on"),
    ],
)
def test_a_return_that_cannot_be_meant_changes_nothing(api, handed_in, body, pointer):
    answer = act(api, handed_in, "return", **{"due_on": f"{soon(14)}", **body})

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    handed_in.refresh_from_db()
    assert handed_in.status == Status.SUBMITTED


def test_another_tenants_answers_look_missing(api_of, handed_in):
    stranger = api_of(ContractorFactory.create())

    assert act(stranger, handed_in, "accept").status_code == 404


def test_questions_need_the_scope_of_answers(api_of, contractor, handed_in):
    reader = api_of(contractor, Scope.ASSESSMENTS_READ)

    path = f"/api/v1/assessments/{handed_in.public_id}/clarifications/"
    assert reader.get(path).status_code == 403
