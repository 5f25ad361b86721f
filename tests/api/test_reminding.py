"""The contractor reminds by hand, and nobody is written to too often."""

from datetime import UTC, date, datetime

import pytest

from assessments import prompting
from assessments.errors import NoContact, RemindedEnough, WrittenToday
from assessments.models import OPEN, Mail, Occasion, Status
from contractors.actors import SYSTEM
from events.models import Event
from suppliers.models import Contact
from tests.factories import AssessmentFactory, ContractorFactory

pytestmark = pytest.mark.django_db
OPENED = datetime(2026, 12, 1, 1, tzinfo=UTC)  # ten in the morning in Tokyo, a Tuesday
NIGHT = datetime(2026, 12, 1, 12, tzinfo=UTC)


def remind(assessment, now=OPENED):
    return prompting.remind(assessment, actor=SYSTEM, now=now)


def test_a_reminder_is_owed_and_said_by_whom_and_a_second_click_adds_none(api, contractor):
    asked = AssessmentFactory.create(contractor=contractor)
    url = f"/api/v1/assessments/{asked.public_id}/remind/"

    first, again = api.post(url), api.post(url)

    assert (first.status_code, again.status_code) == (200, 409)
    assert again.json()["code"] == "written-today"
    assert Mail.objects.get().contact == asked.contact
    assert Event.objects.filter(kind="assessment.reminded").count() == 1


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN))
def test_what_takes_no_answers_is_not_reminded_of(api, contractor, status):
    other = AssessmentFactory.create(contractor=contractor, status=status)

    answer = api.post(f"/api/v1/assessments/{other.public_id}/remind/")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-status")
    assert answer.json()["allowed"] == ["expired", "invited", "returned", "started"]
    assert not Mail.objects.exists()


def test_another_tenants_request_looks_missing(api):
    other = AssessmentFactory.create(contractor=ContractorFactory.create())

    assert api.post(f"/api/v1/assessments/{other.public_id}/remind/").status_code == 404


def test_in_office_hours_it_leaves_at_once_and_at_night_the_next_morning():
    remind(AssessmentFactory.create(), now=OPENED)
    remind(AssessmentFactory.create(number=0), now=NIGHT)

    due = list(Mail.objects.order_by("pk").values_list("due_at", flat=True))
    assert due == [OPENED, datetime(2026, 12, 2, 0, tzinfo=UTC)]


@pytest.mark.parametrize("status", [Contact.Status.BOUNCED, Contact.Status.OPTED_OUT])
def test_who_cannot_be_written_to_is_not(status):
    asked = AssessmentFactory.create()
    Contact.objects.update(status=status)

    with pytest.raises(NoContact):
        remind(asked)


def test_a_person_is_written_to_once_a_day_over_all_requests():
    asked = AssessmentFactory.create()
    other = AssessmentFactory.create(contractor=asked.contractor, contact=asked.contact)
    remind(asked)

    with pytest.raises(WrittenToday):
        remind(other)


def test_a_request_is_reminded_of_four_times_together_with_the_clock():
    asked = AssessmentFactory.create()
    mail = Mail.objects.create(contractor=asked.contractor, contact=asked.contact, due_at=OPENED)
    for day, kind in (
        (16, "second_reminder"),
        (17, "after_due"),
        (18, "reminder"),
        (19, "reminder"),
    ):
        Occasion.objects.create(
            contractor=asked.contractor,
            assessment=asked,
            mail=mail,
            kind=kind,
            arose_on=date(2026, 11, day),
        )

    with pytest.raises(RemindedEnough):
        remind(asked)
