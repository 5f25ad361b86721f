"""Colleagues at the same moment as somebody else: one comes first, nothing is half done."""

from contextlib import suppress

import pytest
from django.utils import timezone

from assessments import delegating, submitting
from assessments.answering import Given
from assessments.delegating import Colleague, Wish
from assessments.errors import NotDelegated
from assessments.models import Answer, Delegation, Mail, Occasion
from assessments.submitting import Responsible
from events.models import Event
from tests.factories import AnsweredFactory, AssessmentFactory, DelegationFactory
from tests.racing import race, together

pytestmark = pytest.mark.usefixtures("committed")

WISH = Wish(Colleague("鈴木花子", "hanako@yamada.example"), (3, 6))
PERSON = Responsible(name="山田一郎", title="社長", email="ichiro@yamada.example")


def test_several_clicks_ask_once():
    asked = AssessmentFactory.create()

    made = together(lambda: delegating.delegate(asked, WISH, now=timezone.now()))

    assert len({each.pk for each in made}) == 1
    assert Mail.objects.count() == Occasion.objects.count() == 1
    assert Event.objects.filter(kind="assessment.delegated").count() == 1


@pytest.mark.parametrize("attempt", range(4))
def test_of_taking_back_and_an_answer_none_is_half_done(attempt):
    delegation = DelegationFactory.create()
    refused = []

    def answer():
        with suppress(NotDelegated):
            delegating.answer(delegation, {3: Given("done")}, now=timezone.now())
            return
        refused.append(True)

    race(answer, lambda: delegating.take_back(delegation, now=timezone.now()))

    assert Answer.objects.exists() is not bool(refused)
    assert Delegation.objects.get().outcome == Delegation.Outcome.TAKEN_BACK


@pytest.mark.parametrize("attempt", range(4))
def test_nothing_is_written_into_what_is_being_handed_in(attempt):
    asked = AnsweredFactory.create()
    delegation = DelegationFactory.create(assessment=asked)

    def answer():
        with suppress(NotDelegated):
            delegating.answer(delegation, {3: Given("partly", version=1)}, now=timezone.now())

    race(answer, lambda: submitting.submit(asked, responsible=PERSON, now=timezone.now()))

    kept = Answer.objects.get(number=3).value
    frozen = asked.submissions.get().content["answers"]
    assert kept in str(frozen)
    assert ("partly" in str(frozen)) is (kept == "partly")
