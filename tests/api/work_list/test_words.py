"""Suppliers that wait for a word stand above all else, the longest waiting first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from assessments import consulting, urging
from assessments.models import Assessment
from tests.acts.test_consulting import PERSON
from tests.api.work_list.listing import NOW, ask, asked, codes, hand_in, work

pytestmark = pytest.mark.django_db


def test_who_waits_for_a_word_comes_before_every_decision_the_longest_first(api, contractor):
    decision = hand_in(contractor, "unknown", at=NOW - timedelta(days=60))
    late = ask(contractor, NOW)
    early = ask(contractor, NOW - timedelta(days=3), "question", ())
    wish = ask(contractor, NOW - timedelta(days=1), "extension", (), wanted_on=NOW.date())

    rows = work(api)

    assert asked(rows) == [*(str(each.public_id) for each in (early, wish, late)), None]
    assert [row["kind"] for row in rows] == ["question", "extension", "talks", "decision"]
    assert rows[-1]["id"] == str(decision.public_id)


def test_a_supplier_that_waits_is_told_with_since_when_how_long_and_where_to_answer(
    api, contractor, monkeypatch
):
    thread = ask(contractor, NOW)

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 1, 1, tzinfo=UTC))
    [row] = work(api)

    assert api.get(row["consultation"]).json()["id"] == str(thread.public_id)

    assert (row["id"], row["kind"]) == (str(thread.assessment.public_id), "talks")
    assert (row["waiting_since"], row["business_days"]) == ("2026-11-25T03:00:00Z", 4)
    assert (row["submitted_at"], codes(row)) == (None, ["waiting"])


def test_whom_nobody_answered_for_ten_business_days_stands_there_as_unanswered(api, contractor):
    ask(contractor, NOW)
    waiting = ask(contractor, NOW + timedelta(days=12))
    urging.write_due(now=NOW + timedelta(days=20))

    assert [codes(row) for row in work(api)] == [["unanswered"], ["waiting"]]
    assert asked(work(api, flag="waiting")) == [str(waiting.public_id)]
    assert len(work(api, flag="unanswered")) == 1
    assert work(api, flag="many_unknowns") == []


@pytest.mark.parametrize("act", ["write", "close"])
def test_a_thread_leaves_when_a_person_answers_or_ends_it(api, contractor, act):
    thread = ask(contractor, NOW)

    getattr(consulting, act)(thread, "お答えします。", voice=PERSON, now=NOW)

    assert work(api) == []


@pytest.mark.parametrize("change", [{"status": "cancelled"}, {"talks_erased_at": NOW}])
def test_a_thread_that_cannot_be_answered_any_more_waits_for_nobody(api, contractor, change):
    thread = ask(contractor, NOW)
    Assessment.objects.filter(pk=thread.assessment_id).update(**change)

    assert work(api) == []
