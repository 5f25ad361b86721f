"""A change of contact at the same moment as something else: one comes first, nothing is lost."""

from contextlib import suppress

import pytest
from django.utils import timezone

from assessments import answering, entering, handing_over, inviting, submitting
from assessments.answering import Given
from assessments.errors import HandedOver, SameContact, TooMany, WrongStatus
from assessments.handing_over import Successor
from assessments.models import Answer, Assessment, Entry, Link, Mail, Occasion, Status, Submission
from assessments.submitting import Responsible
from events.models import Event, Kind
from suppliers.models import Contact
from tests.factories import AnsweredFactory, AssessmentFactory
from tests.racing import race, together

pytestmark = pytest.mark.usefixtures("committed")
HANAKO = Successor("鈴木花子", "hanako@yamada.example")
RESPONSIBLE = Responsible(name="山田一郎", title="社長", email="ichiro@yamada.example")


def hand_over(assessment):
    try:
        return handing_over.hand_over(assessment, HANAKO, now=timezone.now())
    except (WrongStatus, SameContact, HandedOver) as refusal:
        return refusal


def attempt_to(act):
    try:
        return act()
    except (HandedOver, TooMany) as refusal:
        return refusal


def submit(assessment):
    return submitting.submit(assessment, responsible=RESPONSIBLE, now=timezone.now())


@pytest.mark.parametrize("attempt", range(4))
def test_of_a_change_and_a_submission_by_the_former_contact_one_wins(attempt):
    assessment = AnsweredFactory.create()
    former = assessment.contact

    changed, handed_in = race(
        lambda: hand_over(assessment), lambda: attempt_to(lambda: submit(assessment))
    )

    now = Assessment.objects.select_related("contact").get()
    assert Answer.objects.filter(assessment=now).count() == 25
    if isinstance(handed_in, HandedOver):
        assert now.status == Status.STARTED
        assert now.contact.email == HANAKO.email
        assert not Submission.objects.exists()
    else:
        assert isinstance(changed, WrongStatus)
        assert now.contact == former
        assert Submission.objects.get() == handed_in
        assert not Event.objects.filter(kind=Kind.ASSESSMENT_CONTACT_CHANGED).exists()


@pytest.mark.parametrize("attempt", range(4))
def test_of_a_change_and_an_answer_of_the_former_contact_none_is_half_done(attempt):
    assessment = AssessmentFactory.create()
    given = {1: Given("done")}

    _, answered = race(
        lambda: hand_over(assessment),
        lambda: attempt_to(lambda: answering.answer(assessment, given, now=timezone.now())),
    )

    assert Assessment.objects.get().contact.email == HANAKO.email
    assert Answer.objects.exists() is not isinstance(answered, HandedOver)


@pytest.mark.parametrize("attempt", range(4))
def test_no_link_and_no_browser_of_the_former_contact_slips_through(attempt):
    assessment = AssessmentFactory.create()
    now = timezone.now()

    race(
        lambda: hand_over(assessment),
        lambda: attempt_to(lambda: inviting.issue_link(assessment, now=now)),
        lambda: attempt_to(lambda: entering.enter(assessment, now=now)),
    )

    assert not Link.objects.filter(revoked_at=None).exists()
    assert not Entry.objects.filter(ended_at=None).exists()


def test_changes_at_the_same_moment_change_once():
    assessment = AssessmentFactory.create()

    changed = together(lambda: hand_over(assessment))

    assert sum(isinstance(each, Assessment) for each in changed) == 1
    assert Contact.objects.count() == 2
    assert Mail.objects.count() == Occasion.objects.count() == 1
    assert Event.objects.filter(kind=Kind.ASSESSMENT_CONTACT_CHANGED).count() == 1


def test_the_new_person_is_not_kept_waiting_for_the_codes_of_the_other():
    assessment = AnsweredFactory.create()
    entering.enter(assessment, now=timezone.now())
    with suppress(TooMany):
        entering.enter(assessment, now=timezone.now())

    changed = hand_over(assessment)

    assert entering.enter(changed, now=timezone.now()).code_digest
