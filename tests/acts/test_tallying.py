"""What was handed in last is counted, of each supplier once."""

from datetime import UTC, datetime, timedelta

import pytest

from assessments import submitting
from assessments.models import Answer, Assessment, Status, Tally
from assessments.submitting import Responsible
from tests.factories import AnsweredFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
OWNER = Responsible("山田花子", "社長", "hanako@yamada.example")
PROFILE = {
    "5": "yes", "6": "下町工業", "7": "nobody", "11": ["leak", "stop"], "12": "none", "13": "0",
    "14": "yes", "16": ["data_lost"], "17": "1-99999", "18": 3, "19": "no", "20": "no",
}  # fmt: skip


def submit(assessment, now=NOW):
    return submitting.submit(assessment, responsible=OWNER, now=now)


def change(assessment, **values):
    for number, value in values.items():
        Answer.objects.filter(assessment=assessment, number=number[1:]).update(value=value)


def test_submit_counts_the_answers_and_the_choices_of_the_profile():
    assessment = AnsweredFactory.create(profile=PROFILE)
    change(assessment, _5="not_done", _24="unknown", _25="not_done", _1="partly")

    submission = submit(assessment)

    tally = Tally.objects.get(supplier=assessment.supplier)
    assert tally.submission == submission
    assert (tally.total, tally.band) == (100 - 4 - 5 - 4 - 2, "70-99")
    assert (tally.not_done, tally.unknown) == ([5, 25], [24])
    assert tally.profile == {
        "security_person": "nobody",
        "business_risks": ["leak", "stop"],
        "education": "none",
        "spending": "0",
        "incident": "yes",
        "incident_effects": ["data_lost"],
        "incident_damage": "1-99999",
        "incident_customers": "no",
    }


def test_the_newest_answers_take_the_place_of_the_earlier_ones():
    assessment = AnsweredFactory.create()
    submit(assessment)
    Assessment.objects.filter(pk=assessment.pk).update(status=Status.RETURNED)
    change(assessment, _3="not_done")

    again = submit(assessment, now=NOW + timedelta(days=1))

    tally = Tally.objects.get()
    assert (tally.submission, tally.not_done, tally.total) == (again, [3], 96)
