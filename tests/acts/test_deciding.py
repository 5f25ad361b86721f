"""What is handed in is accepted by rule at once, or waits for a person with its reasons."""

from datetime import UTC, datetime, timedelta

import pytest

from assessments import reviewing, submitting, substituting
from assessments.errors import WrongStatus
from assessments.models import Answer, Status
from assessments.reviewing import Return
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from events.models import Event
from suppliers.models import State
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    CertificationFactory,
    ConsultationFactory,
    ContractorFactory,
    EvidenceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
BEFORE = NOW - timedelta(days=30)
OWNER = Responsible("山田花子", "社長", "hanako@yamada.example")


@pytest.fixture
def contractor(db):
    return ContractorFactory.create(accepts_by_rule=True)


@pytest.fixture
def answered(contractor):
    return AnsweredFactory.create(contractor=contractor, requested_at=BEFORE)


def hand_in(assessment, now=NOW):
    submission = submitting.submit(assessment, responsible=OWNER, now=now)
    assessment.refresh_from_db()
    return submission


def certify(assessment, scheme, state=State.VERIFIED, **more):
    contractor, supplier = assessment.contractor, assessment.supplier
    return CertificationFactory.create(
        contractor=contractor, supplier=supplier, scheme=scheme, state=state, number="", **more
    )


def require(assessment, scheme):
    asked = [{"scheme": scheme, "necessity": "required"}]
    assessment.requirements = {"required_certifications": asked}
    assessment.save(update_fields=["requirements"])


def test_what_nothing_speaks_against_is_accepted_by_rule_at_once(answered):
    hand_in(answered)

    assert (answered.status, answered.flags) == (Status.ACCEPTED, [])
    assert (answered.decided_at, answered.decided_by) == (NOW, {"type": "rule", "id": None})
    assert answered.accepted_by_rule()
    submitted, changed, accepted = Event.objects.order_by("sequence")
    assert [each.kind for each in (submitted, changed, accepted)] == [
        "assessment.submitted", "rating.changed", "assessment.accepted",
    ]  # fmt: skip
    assert (accepted.detail, accepted.actor["type"]) == ({"by_rule": True}, "rule")
    assert submitted.actor["type"] == "supplier"


def test_handing_in_twice_accepts_once(answered):
    hand_in(answered)
    hand_in(answered)

    assert Event.objects.filter(kind="assessment.accepted").count() == 1


def test_where_people_decide_nothing_is_accepted_by_rule():
    assessment = AnsweredFactory.create()

    hand_in(assessment)

    assert (assessment.status, assessment.flags) == (Status.SUBMITTED, ["by_hand"])
    assert (assessment.decided_at, assessment.decided_by) == (None, None)


def test_many_unknowns_wait_for_a_person(answered):
    Answer.objects.filter(number__lte=6).update(value="unknown")

    hand_in(answered)

    assert (answered.status, answered.flags) == (Status.SUBMITTED, ["many_unknowns"])
    assert not Event.objects.filter(kind="assessment.accepted").exists()


def test_open_talks_wait_for_a_persons_word(answered):
    ConsultationFactory.create(assessment=answered, contractor=answered.contractor)

    hand_in(answered)

    assert (answered.status, answered.flags) == (Status.SUBMITTED, ["talks_open"])


@pytest.mark.parametrize(
    ("state", "flags"),
    [(State.VERIFIED, []), (State.DECLARED, ["certificate_unchecked"])],
)
def test_a_certificate_that_answers_alone_is_checked_by_a_person_first(contractor, state, flags):
    asked = AssessmentFactory.create(contractor=contractor, status=Status.INVITED)
    isms = certify(asked, "isms", state, created_at=BEFORE, scope_covers="yes")
    paper = EvidenceFactory.create(contractor=contractor, supplier=asked.supplier)
    isms.evidence.add(paper, through_defaults={"contractor": contractor})

    substituting.substitute(asked, isms, responsible=OWNER, now=NOW)
    asked.refresh_from_db()

    assert asked.flags == flags
    assert asked.accepted_by_rule() is not bool(flags)


def test_a_basic_that_is_missing_contradicts_an_isms(answered):
    certify(answered, "isms", created_at=BEFORE)
    Answer.objects.filter(number=1).update(value="not_done")

    hand_in(answered)

    assert answered.flags == ["contradiction"]


def test_what_was_required_must_be_held_on_the_day(answered):
    require(answered, "pmark")
    certify(answered, "pmark", created_at=BEFORE, valid_until=NOW.date() - timedelta(days=1))

    hand_in(answered)

    assert answered.flags == ["certification_missing"]


def test_what_was_required_and_is_held_is_no_flag(answered):
    require(answered, "scs_3")
    certify(answered, "scs_4", created_at=BEFORE)

    hand_in(answered)

    assert answered.accepted_by_rule()


def test_a_certification_rejected_during_the_request_is_looked_at_until_another_is_held(answered):
    certify(answered, "pmark", State.REJECTED, created_at=BEFORE + timedelta(days=1))

    hand_in(answered)

    assert answered.flags == ["evidence_rejected"]


def test_a_rejection_before_the_request_is_an_old_story(answered):
    certify(answered, "pmark", State.REJECTED, created_at=BEFORE - timedelta(days=1))

    hand_in(answered)

    assert answered.accepted_by_rule()


def test_an_open_incident_waits_for_a_person(answered):
    named = {item.name: item.number for item in answered.profile_questionnaire.parsed().items}
    answered.profile = answered.profile | {
        f"{named['incident']}": "yes",
        f"{named['incident_closed']}": "no",
    }
    answered.save(update_fields=["profile"])

    hand_in(answered)

    assert answered.flags == ["incident_open"]


def test_much_better_answers_than_last_year_are_looked_at(contractor, answered):
    Answer.objects.all().update(value="not_done")
    hand_in(answered)
    again = AnsweredFactory.create(contractor=contractor, contact=answered.contact)

    hand_in(again, NOW + timedelta(days=365))

    assert (answered.status, answered.flags) == (Status.ACCEPTED, [])
    assert (again.status, again.flags) == (Status.SUBMITTED, ["big_change"])


def test_what_was_asked_back_is_decided_by_a_person(answered):
    Answer.objects.filter(number__lte=6).update(value="unknown")
    hand_in(answered)
    asked = Return(NOW.date() + timedelta(days=14), {1: "どのパソコンですか。"})
    reviewing.return_(answered, asked, actor=SYSTEM, now=NOW)
    Answer.objects.all().update(value="done")

    hand_in(answered, NOW + timedelta(days=1))

    assert (answered.status, answered.flags) == (Status.SUBMITTED, ["big_change", "asked_back"])


def test_a_person_reopens_what_a_rule_accepted_and_no_rule_accepts_it_again(contractor, answered):
    person = UserFactory.create(contractor=contractor)
    hand_in(answered)

    reviewing.reopen(answered, person=person, now=NOW)
    answered.refresh_from_db()
    assert (answered.status, answered.flags) == (Status.SUBMITTED, ["reopened"])
    hand_in(answered)
    assert answered.status == Status.SUBMITTED
    asked = Return(NOW.date() + timedelta(days=14), reason="もう一度ご確認ください。")
    reviewing.return_(answered, asked, actor=SYSTEM, now=NOW)
    hand_in(answered, NOW + timedelta(days=1))

    assert (answered.status, answered.flags) == (Status.SUBMITTED, ["asked_back"])


def test_what_a_rule_accepted_cannot_be_accepted_again(answered):
    hand_in(answered)

    with pytest.raises(WrongStatus):
        reviewing.accept(answered, actor=SYSTEM, now=NOW)
