"""The contractor grants more time."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.models import Assessment, Mail, Occasion, Status
from contractors.models import Scope
from events.models import Event
from suppliers import days
from tests.factories import AssessmentFactory, ContractorFactory

pytestmark = pytest.mark.django_db


def soon(count):
    return days.in_japan(timezone.now()) + timedelta(days=count)


@pytest.fixture
def asked(contractor):
    return AssessmentFactory.create(contractor=contractor, due_on=soon(10))


def extend(api, assessment, **body):
    return api.post(f"/api/v1/assessments/{assessment.public_id}/extend/", body)


def test_a_later_day_is_granted_told_and_written_down(api, asked):
    answer = extend(api, asked, due_on=soon(40).isoformat(), reason="棚卸しのため")

    told = answer.json()
    assert answer.status_code == 200
    assert (told["due_on"], told["original_due_on"]) == (f"{soon(40)}", f"{soon(10)}")
    assert (told["extensions"], told["extension_reason"]) == (1, "棚卸しのため")
    [event] = Event.objects.filter(kind="assessment.extended")
    assert event.changed == ["due_on"]
    assert event.detail == {"old_due_on": f"{soon(10)}", "new_due_on": f"{soon(40)}"}
    assert [mail.contact for mail in Mail.objects.all()] == [asked.contact]
    assert Occasion.objects.get().kind == Occasion.Kind.EXTENDED


def test_reminders_follow_the_new_day(api, asked):
    extend(api, asked, due_on=soon(40).isoformat())

    asked.refresh_from_db()
    assert soon(10) < days.in_japan(asked.remind_at) < soon(40)  # holidays move it


def test_a_second_extension_keeps_the_first_day_and_counts(api, asked):
    extend(api, asked, due_on=soon(20).isoformat())

    told = extend(api, asked, due_on=soon(30).isoformat()).json()

    assert (told["original_due_on"], told["extensions"]) == (f"{soon(10)}", 2)
    assert Mail.objects.count() == 1  # it has not left yet, and is read when it leaves


def test_a_letter_that_left_is_followed_by_another(api, asked):
    extend(api, asked, due_on=soon(20).isoformat())
    Mail.objects.update(closed_at=timezone.now(), due_at=None)

    extend(api, asked, due_on=soon(30).isoformat())

    assert Mail.objects.filter(closed_at=None).count() == 1


def test_the_same_click_twice_extends_once(api, asked):
    first = extend(api, asked, due_on=soon(20).isoformat())
    again = extend(api, asked, due_on=soon(20).isoformat())

    assert (first.status_code, again.status_code) == (200, 409)
    assert again.json()["code"] == "not-later"
    assert Event.objects.filter(kind="assessment.extended").count() == 1


@pytest.mark.parametrize(
    ("due_on", "code"),
    [
        (soon(0), "past"),
        (soon(-1), "past"),
        (soon(400), "too-far"),
        (date.max, "out-of-range"),
        ("2026-02-30", "invalid"),
        (None, "null"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(api, asked, due_on, code):
    answer = extend(api, asked, due_on=due_on and str(due_on))

    assert answer.status_code == 400
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/due_on", code)
    ]
    assert not Occasion.objects.exists()


@pytest.mark.parametrize("day", [9, 10])
def test_a_day_that_is_not_later_is_refused(api, asked, day):
    answer = extend(api, asked, due_on=soon(day).isoformat())

    assert (answer.status_code, answer.json()["code"]) == (409, "not-later")


@pytest.mark.parametrize("status", sorted(set(Status) - {"invited", "returned", "started"}))
def test_what_does_not_wait_for_answers_is_not_extended(api, contractor, status):
    other = AssessmentFactory.create(contractor=contractor, status=status, due_on=soon(10))

    answer = extend(api, other, due_on=soon(40).isoformat())

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-status")
    assert answer.json()["allowed"] == ["invited", "returned", "started"]
    assert Assessment.objects.get().due_on == soon(10)


def test_another_tenants_request_looks_missing(api):
    other = AssessmentFactory.create(contractor=ContractorFactory.create(), due_on=soon(10))

    assert extend(api, other, due_on=soon(40).isoformat()).status_code == 404


def test_reading_is_not_enough_to_extend(api_of, contractor, asked):
    reader = api_of(contractor, Scope.ASSESSMENTS_READ)

    assert extend(reader, asked, due_on=soon(40).isoformat()).status_code == 403


@pytest.mark.parametrize(("most", "status"), [(0, 200), (60, 200), (61, 400), (-1, 400)])
def test_how_far_suppliers_extend_by_themselves_is_a_setting(api, most, status):
    answer = api.patch("/api/v1/contractor/", {"self_extension_days": most})

    assert answer.status_code == status
