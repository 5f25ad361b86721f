from datetime import UTC, datetime

import pytest

from assessments import answering
from assessments.answering import Given
from assessments.errors import Stale
from assessments.models import Answer, Status
from events.models import Event
from tests.factories import AssessmentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def answer(assessment, number, value, version=0, comment=""):
    return answering.answer(assessment, {number: Given(value, comment, version)}, now=NOW)


def test_the_first_stored_answer_starts_the_request_once():
    assessment = AssessmentFactory.create()

    answer(assessment, 1, "done")
    answer(assessment, 2, "partly")

    assessment.refresh_from_db()
    assert (assessment.status, assessment.started_at) == (Status.STARTED, NOW)
    assert Event.objects.get().kind == "assessment.started"


def test_the_second_browser_is_shown_the_clash_and_nothing_is_overwritten():
    assessment = AssessmentFactory.create()
    answer(assessment, 8, "done")

    [conflict] = answer(assessment, 8, "not_done")

    assert (conflict.number, conflict.stored.value, conflict.given.value) == (8, "done", "not_done")
    assert Answer.objects.get().value == "done"
    assert answer(assessment, 8, "not_done", version=conflict.stored.version) == []
    assert (Answer.objects.get().value, Answer.objects.get().version) == ("not_done", 2)


def test_a_clash_keeps_the_other_answers_of_the_page():
    assessment = AssessmentFactory.create()
    answer(assessment, 8, "done")

    page = {8: Given("partly"), 9: Given("done")}
    conflicts = answering.answer(assessment, page, now=NOW)

    assert [conflict.number for conflict in conflicts] == [8]
    assert Answer.objects.get(number=9).value == "done"


def test_the_same_answer_twice_is_no_clash_and_no_change():
    assessment = AssessmentFactory.create()
    answer(assessment, 8, "done")

    assert answer(assessment, 8, "done") == []
    assert Answer.objects.get().version == 1


def test_a_late_answer_starts_an_expired_request_again():
    assessment = AssessmentFactory.create(status=Status.EXPIRED, started_at=NOW)

    answer(assessment, 1, "done")

    assessment.refresh_from_db()
    assert assessment.status == Status.STARTED
    assert Event.objects.get().kind == "assessment.started"  # once more: every move is told


def test_a_profile_that_somebody_changed_meanwhile_is_not_overwritten():
    assessment = AssessmentFactory.create()
    answering.fill_profile(assessment, {7: "nobody"}, version=0, now=NOW)

    with pytest.raises(Stale):
        answering.fill_profile(assessment, {7: "dedicated"}, version=0, now=NOW)

    answering.fill_profile(assessment, {7: "nobody"}, version=0, now=NOW)  # the same again is fine
    assessment.refresh_from_db()
    assert (assessment.profile, assessment.profile_version) == ({"7": "nobody"}, 1)
