from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from assessments import answering, submitting
from assessments.answering import Given
from assessments.errors import Incomplete, WrongStatus
from assessments.models import Answer, Assessment, Mail, Status, Submission
from assessments.submitting import Responsible
from events.models import Event
from suppliers.models import Contact
from tests.factories import AnsweredFactory, AssessmentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
OWNER = Responsible("山田花子", "社長", "hanako@yamada.example")


def submit(assessment, responsible=OWNER):
    return submitting.submit(assessment, responsible=responsible, now=NOW)


def test_submit_freezes_rates_tells_and_owes_two_receipts():
    assessment = AnsweredFactory.create()

    submission = submit(assessment)

    assert submission.rating.result["self_diagnosis"]["total"] == 100
    assert submission.rating.grade == "B"  # nothing is verified, so the sum stops at 79.99
    assert submission.receipt.startswith(f"{assessment.readable_number()}-")
    kinds = Event.objects.order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["assessment.submitted", "rating.changed"]
    assert {mail.contact.email for mail in Mail.objects.all()} == {
        assessment.contact.email,
        OWNER.email,
    }
    assessment.supplier.refresh_from_db()
    assert assessment.supplier.standing_grade == "B"


def test_a_second_submit_is_the_same_submission():
    assessment = AnsweredFactory.create()

    first, second = submit(assessment), submit(assessment)

    assert first == second
    assert Submission.objects.count() == 1
    assert Event.objects.filter(kind="assessment.submitted").count() == 1


def test_names_addresses_and_telephones_stay_out_of_the_snapshot():
    profile = {"7": "part_time", "8": "山田太郎", "9": "総務課長", "10": "03-1234-5678"}
    assessment = AnsweredFactory.create(profile=profile)

    submission = submit(assessment)

    kept = str(submission.content)
    for personal in ("山田", "総務課長", "03-1234-5678", OWNER.email):
        assert personal not in kept
    assert submission.content["profile"] == {"security_person": "part_time"}
    assert submission.responsible.email == OWNER.email


def test_a_known_person_is_found_by_mail_and_gets_one_receipt():
    assessment = AnsweredFactory.create()
    contact = assessment.contact

    submit(assessment, Responsible("別名", "部長", contact.email.upper()))

    assert Contact.objects.count() == Mail.objects.count() == 1
    contact.refresh_from_db()
    assert contact.name == "山田太郎"


def test_submit_refuses_gaps_by_number_and_changes_nothing():
    assessment = AnsweredFactory.create(profile={})
    Answer.objects.filter(number__in=[4, 19]).delete()

    with pytest.raises(Incomplete) as refused:
        submit(assessment)

    assert refused.value.more == {"missing": [4, 19], "missing_profile": [7]}
    assessment.refresh_from_db()
    assert assessment.status == Status.STARTED
    assert not Event.objects.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED, Status.DECLINED])
def test_submit_refuses_what_is_not_open(status):
    assessment = AssessmentFactory.create(status=status)

    with pytest.raises(WrongStatus):
        submit(assessment)


def test_an_expired_request_still_takes_the_answers():
    assessment = AnsweredFactory.create(status=Status.EXPIRED)

    submit(assessment)

    assessment.refresh_from_db()
    assert assessment.status == Status.SUBMITTED


def test_the_last_answer_before_submit_is_in_the_snapshot_and_later_ones_are_refused():
    assessment = AnsweredFactory.create()
    answering.answer(assessment, {5: Given("unknown", "調べます", version=1)}, now=NOW)

    submission = submit(assessment)

    item = submission.content["answers"][4]
    assert (item["value"], item["comment"]) == ("unknown", "調べます")
    with pytest.raises(WrongStatus):
        answering.answer(assessment, {5: Given("done", version=2)}, now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_submission SET digest = 'x'",
        "DELETE FROM assessments_submission",
        "TRUNCATE assessments_submission",
        "UPDATE ratings_rating SET score = 100",
        "DELETE FROM events_event",
        "UPDATE events_event SET kind = 'x'",
    ],
)
def test_what_was_handed_in_rated_and_recorded_cannot_be_changed_or_removed(statement):
    submit(AnsweredFactory.create())

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_itself_refuses_a_move_that_is_no_edge():
    assessment = AssessmentFactory.create()

    with pytest.raises(DatabaseError), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(status=Status.ACCEPTED, submitted_at=NOW)
