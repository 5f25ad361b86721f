"""The trail is whole, also after erasure; what is not is named."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connections

from assessments import consulting, submitting
from assessments.models import Consultation, Submission
from assessments.submitting import Responsible
from events.models import Counter
from retention import erasing
from tests.acts.test_consulting import PERSON, TERMS, talk
from tests.factories import AnsweredFactory

LATER = datetime(2040, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def handed_in(committed):
    """With an agreement beside it."""
    assessment = AnsweredFactory.create()
    agreed = talk(assessment, proposal=TERMS).proposals.get()
    consulting.agree(agreed, voice=PERSON, now=datetime(2026, 12, 1, tzinfo=UTC))
    person = Responsible(name="山田花子", title="社長", email="hanako@yamada.example")
    submitting.submit(assessment, responsible=person, now=datetime(2026, 12, 1, tzinfo=UTC))
    return assessment


def verify(capsys):
    """The status with which the command ends, and its lines."""
    status = 0
    try:
        call_command("audit_verify")
    except SystemExit as ended:
        status = ended.code
    return status, capsys.readouterr().out.splitlines()


def test_a_whole_trail_is_told_in_three_lines(capsys):
    assert verify(capsys) == (
        0,
        [
            "events: 0 contractors with a gap",
            "submissions: 1 same, 0 different, 0 erased",
            "agreements: 1 same, 0 different, 0 erased",
        ],
    )


def test_after_erasure_it_is_still_whole(capsys):
    erasing.erase_answers(now=LATER)
    erasing.erase_talks(now=LATER)

    status, lines = verify(capsys)

    assert status == 0
    assert lines[1:] == [
        "submissions: 0 same, 0 different, 1 erased",
        "agreements: 0 same, 0 different, 1 erased",
    ]


def test_a_missing_event_is_named(handed_in, capsys):
    Counter.objects.update(last=99)

    status, lines = verify(capsys)

    assert status == 1
    assert lines[1] == f"gap: contractor {handed_in.contractor.public_id}"


def test_a_snapshot_that_somebody_changed_is_named(capsys):
    tamper("UPDATE assessments_submission SET content = content || '{\"profile\": {}}'")

    status, lines = verify(capsys)

    assert status == 1
    assert lines[2] == f"different: submission {Submission.objects.get().public_id}"


def test_an_agreement_that_somebody_changed_is_named(capsys):
    tamper('UPDATE assessments_consultation SET result = result || \'{"bearer": "supplier"}\'')

    status, lines = verify(capsys)

    assert status == 1
    assert lines[3:] == [f"different: agreement {Consultation.objects.get().public_id}"]


@pytest.mark.parametrize("erase", [erasing.erase_answers, erasing.erase_talks])
def test_an_erasure_that_nobody_wrote_down_is_named(erase, capsys):
    erase(now=LATER)
    tamper("DELETE FROM retention_erasure")

    assert verify(capsys)[0] == 1


def tamper(statement):
    """As the owner, who can take the triggers away."""
    with connections["owner"].cursor() as cursor:
        for table in ("assessments_submission", "assessments_consultation", "retention_erasure"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
