"""A request that was decided, and one that both sides talked about."""

from datetime import UTC, datetime, timedelta

import pytest

from assessments import consulting, submitting
from assessments.models import Answer, Assessment, Consultation, Status
from assessments.speaking import Matter
from assessments.submitting import Responsible
from tests.acts.test_consulting import PERSON, TERMS, THEY, talk
from tests.factories import AnsweredFactory, AssessmentFactory

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
KEPT = datetime(2029, 11, 30, 14, 59, tzinfo=UTC)  # the last minute of the last day in Japan
ENDED = KEPT + timedelta(minutes=1)


@pytest.fixture
def decided():
    return handed_in()


def handed_in():
    """Handed in and accepted on the first of December in Japan."""
    assessment = AnsweredFactory.create()
    Answer.objects.filter(number=1).update(comment="倉庫の鍵は社長が持つ。")
    person = Responsible(name="山田花子", title="社長", email="hanako@yamada.example")
    submitting.submit(assessment, responsible=person, now=NOW)
    Assessment.objects.filter(pk=assessment.pk).update(status=Status.ACCEPTED, decided_at=NOW)
    assessment.refresh_from_db()
    return assessment


@pytest.fixture
def talked(decided):
    return both_talked(decided)


def both_talked(decided):
    """An agreement after a refusal, and a question that nobody ended, about the same request."""
    asked = AssessmentFactory.create(contact=decided.contact, contractor=decided.contractor)
    thread = talk(asked, proposal=TERMS)
    consulting.refuse(thread.proposals.get(), "予算は来期からです。", voice=PERSON, now=NOW)
    proposal = consulting.propose(thread, TERMS, voice=THEY, now=NOW)
    question = Matter(Consultation.Kind.QUESTION, "対象はどこですか。")
    consulting.start(asked, question, voice=THEY, now=NOW)
    return consulting.agree(proposal, voice=PERSON, now=NOW + timedelta(days=40))
