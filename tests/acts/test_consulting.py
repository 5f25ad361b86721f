"""Threads beside answering: whose turn it is, what is agreed on, what never changes."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from assessments import consulting
from assessments.errors import AlreadyOpen, NotYours, Stale, Unexplained, WrongStatus
from assessments.models import Consultation, Message, Proposal, Side, Status
from assessments.speaking import Matter, Terms, Voice
from contractors.actors import Actor
from events.models import Event
from questionnaires import content
from tests.factories import AssessmentFactory
from tests.racing import race

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)  # ten in the morning in Tokyo, a Wednesday
THEY = Voice(Side.SUPPLIER, Actor("supplier", "1"))
PERSON = Voice(Side.CONTRACTOR, Actor("user", "2"))
MACHINE = Voice(Side.CONTRACTOR, Actor("api_key", "3"))
TERMS = Terms(
    "入退室の記録を付けます。", "shared", 300_000, 50, date(2027, 4, 1), "単価の改定で半分"
)
Kind = Consultation.Kind


def talk(assessment=None, voice=THEY, **fields):
    matter = Matter(Kind.TALKS, "費用について相談させてください。", ["cost"], **fields)
    asked = assessment or AssessmentFactory.create()
    return consulting.start(asked, matter, voice=voice, now=NOW)


def kinds():
    return list(Event.objects.order_by("sequence").values_list("kind", flat=True))


@pytest.mark.django_db
def test_the_supplier_s_words_are_the_contractor_s_turn_until_a_person_answers():
    thread = talk()
    assert (thread.waiting_since, thread.state) == (NOW, "open")
    assert thread.clock_at == datetime(2026, 12, 2, 1, tzinfo=UTC)  # five business days later

    consulting.write(thread, "自動返信です。", voice=MACHINE, now=NOW)
    thread.refresh_from_db()
    assert thread.waiting_since == NOW

    consulting.write(thread, "ご相談ください。", voice=PERSON, now=NOW)
    thread.refresh_from_db()
    assert (thread.waiting_since, thread.clock_at) == (None, None)
    assert kinds() == ["consultation.opened", "consultation.replied", "consultation.replied"]


@pytest.mark.django_db
def test_writing_again_does_not_give_the_contractor_more_time():
    thread = talk()

    consulting.write(thread, "追伸です。", voice=THEY, now=datetime(2026, 11, 30, 1, tzinfo=UTC))

    thread.refresh_from_db()
    assert thread.waiting_since == NOW


@pytest.mark.django_db
def test_what_both_agree_on_is_frozen_with_its_digest():
    thread = talk(proposal=TERMS)
    proposal = thread.proposals.get()

    agreed = consulting.agree(proposal, voice=PERSON, now=NOW)

    agreed.refresh_from_db()
    assert (agreed.state, agreed.closed_at) == ("agreed", NOW)
    assert agreed.result["cost_estimate_yen"] == 300_000
    assert agreed.result["from_on"] == "2027-04-01"
    assert (agreed.result["proposed_by"], agreed.result["agreed_by"]) == ("supplier", "contractor")
    assert agreed.digest == content.digest(agreed.result)
    assert kinds()[-1] == "consultation.agreed"
    for rows, change in (
        (Consultation.objects, {"digest": "0" * 64}),
        (Proposal.objects, {"measure": "別の対策"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(WrongStatus):
        consulting.write(thread, "追伸です。", voice=THEY, now=NOW)


@pytest.mark.django_db
def test_a_proposal_keeps_its_words_while_it_is_open():
    talk(proposal=TERMS)

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(cost_estimate_yen=1)


@pytest.mark.django_db
def test_nobody_agrees_to_an_own_proposal():
    proposal = talk(proposal=TERMS).proposals.get()

    with pytest.raises(NotYours):
        consulting.agree(proposal, voice=THEY, now=NOW)


@pytest.mark.django_db
def test_a_proposal_that_another_took_the_place_of_is_stale():
    thread = talk(proposal=TERMS)
    first = thread.proposals.get()
    consulting.propose(thread, Terms("鍵をかけます。", "supplier"), voice=THEY, now=NOW)

    with pytest.raises(Stale):
        consulting.agree(first, voice=PERSON, now=NOW)

    first.refresh_from_db()
    assert first.state == "withdrawn"


@pytest.mark.django_db
@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_a_refusal_is_explained(nothing):
    thread = talk(proposal=TERMS)
    proposal = thread.proposals.get()

    with pytest.raises(Unexplained):
        consulting.refuse(proposal, nothing, voice=PERSON, now=NOW)
    assert Proposal.objects.get().state == "open"

    consulting.refuse(proposal, "予算は来期からです。", voice=PERSON, now=NOW)

    assert Proposal.objects.get().state == "refused"
    assert Consultation.objects.get().waiting_since is None


@pytest.mark.django_db
def test_the_contractor_does_not_end_talks_it_has_not_answered():
    thread = talk()

    with pytest.raises(Unexplained):
        consulting.close(thread, voice=PERSON, now=NOW)
    closed = consulting.close(thread, "費用は当社が持ちます。", voice=PERSON, now=NOW)

    assert closed.state == "closed"
    assert Message.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "status", "allowed"),
    [
        (Kind.TALKS, Status.ACCEPTED, False),
        (Kind.TALKS, Status.SUBMITTED, True),
        (Kind.QUESTION, Status.SUBMITTED, False),
        (Kind.OBJECTION, Status.STARTED, False),
        (Kind.OBJECTION, Status.ACCEPTED, True),
        (Kind.TALKS, Status.CANCELLED, False),
    ],
)
def test_each_kind_has_its_time(kind, status, allowed):
    asked = AssessmentFactory.create(status=status)
    matter = Matter(kind, "お願いします。", ["time"] if kind == Kind.TALKS else [])

    if allowed:
        consulting.start(asked, matter, voice=THEY, now=NOW)
        assert kinds() == [f"consultation.{'objected' if kind == Kind.OBJECTION else 'opened'}"]
    else:
        with pytest.raises(WrongStatus) as refusal:
            consulting.start(asked, matter, voice=THEY, now=NOW)
        assert refusal.value.more["allowed"]
        assert not Consultation.objects.exists()


@pytest.mark.django_db
def test_the_same_is_not_opened_twice():
    thread = talk()
    other = Matter(Kind.TALKS, "人手についても相談させてください。", ["people"])

    assert talk(thread.assessment) == thread  # a second click
    with pytest.raises(AlreadyOpen):
        consulting.start(thread.assessment, other, voice=THEY, now=NOW)
    with pytest.raises(AlreadyOpen):
        talk(thread.assessment, voice=PERSON)
    assert kinds() == ["consultation.opened"]


@pytest.mark.usefixtures("committed")
def test_of_two_people_who_agree_to_different_proposals_one_wins():
    thread = talk(proposal=TERMS)
    other = consulting.propose(thread, Terms("鍵を替えます。", "contractor"), voice=PERSON, now=NOW)
    own = thread.proposals.get(side=Side.SUPPLIER)

    def agreeing(proposal, voice):
        try:
            return consulting.agree(proposal, voice=voice, now=NOW)
        except WrongStatus as refusal:
            return refusal

    ends = race(lambda: agreeing(own, PERSON), lambda: agreeing(other, THEY))

    assert sorted(type(end).__name__ for end in ends) == ["Consultation", "WrongStatus"]
    assert Proposal.objects.filter(state="agreed").count() == 1
