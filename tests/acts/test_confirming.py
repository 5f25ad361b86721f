"""Asking for a confirmation at the same moment as something else: what is confirmed was asked."""

from contextlib import suppress

import pytest
from django.utils import timezone

from assessments import answering, asking, confirming, declaring, handing_over, planning, submitting
from assessments.answering import Given
from assessments.declaring import Chosen
from assessments.errors import AwaitsConfirmation, HandedOver, NotAsked, WrongStatus
from assessments.handing_over import Successor
from assessments.models import Answer, Assessment, Confirmation, Link, Mail, Occasion, Submission
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from events.models import Event, Kind
from suppliers.models import Contact
from tests.factories import AnsweredFactory
from tests.racing import race, together

pytestmark = pytest.mark.usefixtures("committed")
PERSON = Responsible(name="山田一郎", title="社長", email="ichiro@yamada.example")
CHANGED = {1: Given("not_done", version=1)}


@pytest.fixture
def answered():
    return AnsweredFactory.create()


def attempt_to(act, *args, **kwargs):
    try:
        return act(*args, now=timezone.now(), **kwargs)
    except (AwaitsConfirmation, HandedOver, NotAsked, WrongStatus) as refusal:
        return refusal


def ask(assessment):
    return attempt_to(confirming.ask, assessment, PERSON)


def test_answers_that_are_being_confirmed_do_not_change(answered):
    ask(answered)
    acts = [
        lambda now: answering.answer(answered, CHANGED, now=now),
        lambda now: answering.fill_profile(answered, {3: "x"}, version=0, now=now),
        lambda now: declaring.choose(answered, {"isms": Chosen("isms")}, now=now),
        lambda now: submitting.submit(answered, responsible=PERSON, now=now),
    ]

    for act in acts:
        with pytest.raises(AwaitsConfirmation):
            act(timezone.now())

    assert set(Answer.objects.values_list("value", flat=True)) == {"done"}
    assert not Submission.objects.exists()


@pytest.mark.parametrize("attempt", range(4))
def test_an_answer_at_the_moment_of_asking_is_either_asked_about_or_refused(attempt, answered):
    asked, answer = race(
        lambda: ask(answered), lambda: attempt_to(answering.answer, answered, CHANGED)
    )

    changed = Answer.objects.get(number=1).value == "not_done"
    assert changed is not isinstance(answer, AwaitsConfirmation)
    assert not confirming.is_changed(asked)


def test_asking_at_the_same_moment_asks_once(answered):
    asked = together(lambda: ask(answered))

    assert {each.pk for each in asked} == {Confirmation.objects.get().pk}
    assert Mail.objects.count() == Occasion.objects.count() == 1
    assert Contact.objects.count() == 2


@pytest.mark.parametrize("attempt", range(4))
def test_of_a_confirmation_a_return_and_the_way_back_one_wins(attempt, answered):
    asked = ask(answered)

    race(
        lambda: attempt_to(confirming.confirm, asked),
        lambda: attempt_to(confirming.return_, asked, note="質問3"),
        lambda: attempt_to(confirming.take_back, asked),
    )

    asked.refresh_from_db()
    handed_in = Submission.objects.count()
    assert asked.state in {"confirmed", "returned", "taken_back"}
    assert handed_in == (asked.state == "confirmed")
    assert Event.objects.filter(kind=Kind.ASSESSMENT_SUBMITTED).count() == handed_in


def test_confirming_at_the_same_moment_hands_in_once(answered):
    asked = ask(answered)

    made = together(lambda: attempt_to(confirming.confirm, asked))

    assert {each.pk for each in made} == {Submission.objects.get().pk}


@pytest.mark.parametrize("attempt", range(4))
def test_of_a_change_of_contact_and_a_confirmation_one_wins(attempt, answered):
    asked = ask(answered)
    successor = Successor("鈴木花子", "hanako@yamada.example")

    race(
        lambda: attempt_to(handing_over.hand_over, answered, successor),
        lambda: attempt_to(confirming.confirm, asked),
    )

    asked.refresh_from_db()
    changed = Assessment.objects.get().contact.email == "hanako@yamada.example"
    assert asked.state == ("closed" if changed else "confirmed")
    assert Submission.objects.exists() is not changed


def test_no_link_is_left_of_what_is_over(answered):
    asked = ask(answered)
    with suppress(NotAsked):
        asking.cancel(answered, reason="", actor=SYSTEM, now=timezone.now())

    asked.refresh_from_db()
    assert asked.state == "closed"
    assert not Link.objects.filter(revoked_at=None).exists()


def test_the_plan_of_letters_tells_of_it_and_why_it_would_not_leave(answered):
    asked = ask(answered)
    [line] = planning.plan(answered, now=timezone.now())[:1]
    assert (line.kind, line.to, line.outcome, line.reason) == (
        "confirmation", "responsible", "owed", "",
    )  # fmt: skip

    confirming.take_back(asked, now=timezone.now())

    [line] = planning.plan(answered, now=timezone.now())[:1]
    assert (line.outcome, line.reason) == ("owed", "outdated")
