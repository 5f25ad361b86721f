"""Suppliers to call, because nothing was handed in and no letter helped."""

from datetime import timedelta

import pytest

from assessments import owing
from assessments.models import Mail, Status
from tests.api.work_list.listing import NOW, ask, call, codes, hand_in, work
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


def test_whom_no_letter_reached_is_to_be_called_and_the_letters_are_told(api, contractor):
    assessment = call(contractor, NOW)
    for day in (20, 24):
        owing.owe(assessment, assessment.contact, "after_due", now=NOW.replace(day=day))
    Mail.objects.filter(occasions__arose_on__day=24).update(
        outcome="sent", closed_at=NOW, due_at=None
    )

    [row] = work(api)

    assert (row["id"], row["kind"]) == (str(assessment.public_id), "phone")
    assert (row["waiting_since"], codes(row)) == ("2026-11-25T03:00:00Z", ["phone"])
    assert row["letters"] == [{"sent_at": "2026-11-25T03:00:00Z", "kind": "after_due"}]
    assert (len(work(api, flag="phone")), work(api, flag="waiting")) == (1, [])


def test_calls_stand_between_words_and_decisions_the_longest_waiting_first(api, contractor):
    hand_in(contractor, "unknown", at=NOW - timedelta(days=9))
    late, early = call(contractor, NOW), call(contractor, NOW - timedelta(days=1))
    ask(contractor, NOW)

    rows = work(api)

    assert [row["kind"] for row in rows] == ["talks", "phone", "phone", "decision"]
    assert [row["id"] for row in rows[1:3]] == [str(early.public_id), str(late.public_id)]


@pytest.mark.parametrize("status", sorted(set(Status) - {"invited", "started", "returned"}))
def test_nobody_is_called_who_answered_or_has_nothing_to_answer(api, contractor, status):
    call(contractor, NOW, status=status)

    assert [row["kind"] for row in work(api)] == ["decision"] * (status == Status.SUBMITTED)


def test_nobody_is_called_while_both_sides_talk(api, contractor):
    assessment = call(contractor, NOW)
    ConsultationFactory.create(assessment=assessment, contractor=contractor)

    assert [row["kind"] for row in work(api)] == []
