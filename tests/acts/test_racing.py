"""Acts at the same moment end as if one had come after the other."""

import datetime
from itertools import pairwise

import pytest
from django.utils import timezone

from assessments import answering, asking, declining, reminding, reviewing, submitting
from assessments.answering import Given
from assessments.asking import Wish
from assessments.errors import ProfileIncomplete, WrongStatus
from assessments.models import (
    Answer,
    Assessment,
    Clarification,
    DeclineReason,
    Mail,
    Occasion,
    Status,
    Submission,
)
from assessments.reviewing import Return
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from events.models import Counter, Event, Kind
from ratings.models import Rating
from tests.factories import AnsweredFactory, AssessmentFactory, ContactFactory, official
from tests.racing import RACERS, race, together

pytestmark = pytest.mark.usefixtures("committed")

MONDAY = datetime.datetime(2030, 1, 28, 1, 30, tzinfo=datetime.UTC)  # 10:30 in Tokyo
RESPONSIBLE = Responsible(name="山田一郎", title="社長", email="ichiro@yamada.example")


def kinds():
    return list(Event.objects.order_by("sequence").values_list("kind", flat=True))


def submit(assessment):
    try:
        return submitting.submit(assessment, responsible=RESPONSIBLE, now=timezone.now())
    except WrongStatus as refusal:
        return refusal


def cancel(assessment):
    try:
        return asking.cancel(assessment, reason="", actor=SYSTEM, now=timezone.now())
    except WrongStatus as refusal:
        return refusal


def decline(assessment):
    reason = DeclineReason.OTHER
    try:
        return declining.decline(assessment, reason=reason, note="", now=timezone.now())
    except WrongStatus as refusal:
        return refusal


def accept(assessment):
    try:
        return reviewing.accept(assessment, actor=SYSTEM, now=timezone.now())
    except WrongStatus as refusal:
        return refusal


def send_back(assessment):
    asked = Return(datetime.date(2030, 3, 1), {3: "どのパソコンですか。"})
    try:
        return reviewing.return_(assessment, asked, actor=SYSTEM, now=timezone.now())
    except WrongStatus as refusal:
        return refusal


def test_acts_at_the_same_moment_leave_no_gap_in_the_sequence():
    contact = ContactFactory.create()
    wish = Wish(
        supplier=contact.supplier,
        contact=contact,
        questionnaire=official("ipa-self-diagnosis"),
        due_on=timezone.localdate(),
    )

    together(
        lambda: [
            asking.ask(contact.contractor, wish, send=True, actor=SYSTEM, now=timezone.now())
            for _ in range(5)
        ]
    )

    events = Event.objects.order_by("sequence")
    assert [event.sequence for event in events] == list(range(1, RACERS * 5 * 2 + 1))
    assert Counter.objects.get().last == RACERS * 5 * 2
    numbers = Assessment.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, RACERS * 5 + 1))
    pairs = [(one.kind, one.subject_id == two.subject_id) for one, two in pairwise(events)]
    assert pairs[::2] == [(Kind.ASSESSMENT_REQUESTED, True)] * RACERS * 5


def test_an_act_that_fails_takes_no_number():
    contact = ContactFactory.create()
    wish = Wish(
        supplier=contact.supplier,
        contact=contact,
        questionnaire=official("ipa-self-diagnosis"),
        due_on=timezone.localdate(),
    )
    asking.ask(contact.contractor, wish, send=False, actor=SYSTEM, now=timezone.now())
    contact.contractor.phone = ""

    with pytest.raises(ProfileIncomplete):
        asking.ask(contact.contractor, wish, send=True, actor=SYSTEM, now=timezone.now())
    asking.ask(contact.contractor, wish, send=False, actor=SYSTEM, now=timezone.now())

    assert list(Event.objects.values_list("sequence", flat=True).order_by("sequence")) == [1, 2]
    assert list(Assessment.objects.values_list("number", flat=True).order_by("number")) == [1, 2]


@pytest.mark.parametrize("attempt", range(4))
def test_of_submit_and_decline_at_the_same_moment_one_wins(attempt):
    assessment = AnsweredFactory.create()

    handed_in, declined = race(lambda: submit(assessment), lambda: decline(assessment))

    refused = [each for each in (handed_in, declined) if isinstance(each, WrongStatus)]
    assert len(refused) == 1
    assessment.refresh_from_db()
    if refused == [declined]:
        assert assessment.status == Status.SUBMITTED
        assert kinds() == [Kind.ASSESSMENT_SUBMITTED, Kind.RATING_CHANGED]
        assert Submission.objects.count() == Rating.objects.count() == 1
    else:
        assert assessment.status == Status.DECLINED
        assert kinds() == [Kind.ASSESSMENT_DECLINED]
        assert not Submission.objects.exists()
        assert not Rating.objects.exists()


@pytest.mark.parametrize("attempt", range(4))
def test_submit_and_cancel_at_the_same_moment_end_as_one_after_the_other(attempt):
    """What was handed in may still be taken back; what was taken back cannot be handed in."""
    assessment = AnsweredFactory.create()

    handed_in, cancelled = race(lambda: submit(assessment), lambda: cancel(assessment))

    assessment.refresh_from_db()
    assert assessment.status == cancelled.status == Status.CANCELLED
    if isinstance(handed_in, WrongStatus):
        assert kinds() == [Kind.ASSESSMENT_CANCELLED]
        assert not Submission.objects.exists()
    else:
        assert kinds() == [
            Kind.ASSESSMENT_SUBMITTED,
            Kind.RATING_CHANGED,
            Kind.ASSESSMENT_CANCELLED,
        ]
        assert Submission.objects.get() == handed_in


@pytest.mark.parametrize("attempt", range(4))
def test_of_accept_and_return_at_the_same_moment_one_wins(attempt):
    assessment = AnsweredFactory.create()
    submit(assessment)

    accepted, returned = race(lambda: accept(assessment), lambda: send_back(assessment))

    refused = [each for each in (accepted, returned) if isinstance(each, WrongStatus)]
    assert len(refused) == 1
    assessment.refresh_from_db()
    if refused == [returned]:
        assert (assessment.status, kinds()[-1]) == (Status.ACCEPTED, Kind.ASSESSMENT_ACCEPTED)
        assert not Clarification.objects.exists()
    else:
        assert (assessment.status, kinds()[-1]) == (Status.RETURNED, Kind.ASSESSMENT_RETURNED)
        assert assessment.decided_at is None


def test_submitting_at_the_same_moment_makes_one_submission():
    assessment = AnsweredFactory.create()

    handed_in = together(lambda: submit(assessment))

    assert {each.pk for each in handed_in} == {Submission.objects.get().pk}
    assert Rating.objects.count() == 1
    assert kinds() == [Kind.ASSESSMENT_SUBMITTED, Kind.RATING_CHANGED]
    assert Occasion.objects.filter(kind=Occasion.Kind.RECEIPT).count() == 1


def test_of_browsers_that_answer_at_the_same_moment_the_others_are_asked_which_to_keep():
    assessment = AssessmentFactory.create()
    values = iter(["done", "partly", "not_done", "unknown"])

    def answer():
        given = {1: Given(next(values)), 2: Given("done")}
        return answering.answer(assessment, given, now=timezone.now())

    conflicts = together(answer)

    stored = Answer.objects.get(number=1)
    assert sorted(len(each) for each in conflicts) == [0, 1, 1, 1]
    assert all(conflict.stored == stored for each in conflicts for conflict in each)
    assert set(Answer.objects.values_list("number", "version")) == {(1, 1), (2, 1)}
    assert kinds() == [Kind.ASSESSMENT_STARTED]


def test_clocks_that_strike_at_the_same_moment_write_one_reminder_for_each():
    contact = ContactFactory.create()
    AssessmentFactory.create_batch(
        40, contractor=contact.contractor, contact=contact, remind_at=MONDAY
    )

    done = together(lambda: reminding.write_due(now=MONDAY, limit=25))

    assert sum(done) == 40
    assert Mail.objects.count() == Occasion.objects.count() == 40
    assert kinds() == [Kind.ASSESSMENT_REMINDED] * 40
    assert not Assessment.objects.filter(remind_at__lte=MONDAY).exists()
