"""Answers that a person has to decide about, the longest waiting first, each with why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from assessments import reviewing, submitting
from assessments.models import Assessment, Status
from assessments.reviewing import Return
from contractors.actors import SYSTEM
from contractors.models import Scope
from tests.api.work_list.listing import NOW, OWNER, PATH, codes, hand_in, work
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    ConsultationFactory,
    ContractorFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_what_was_accepted_by_rule_waits_for_nobody(api, contractor):
    assessment = hand_in(contractor)

    assessment.refresh_from_db()
    assert assessment.status == Status.ACCEPTED
    assert work(api) == []


def test_what_a_person_has_to_look_at_is_told_with_the_request_and_the_reasons(
    api, contractor, monkeypatch
):
    assessment = hand_in(contractor, "unknown")

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 30, 1, tzinfo=UTC))
    [row] = work(api)

    supplier = assessment.supplier
    assert row == {
        "id": str(assessment.public_id),
        "number": assessment.readable_number(),
        "kind": "decision",
        "supplier": str(supplier.public_id),
        "supplier_code": supplier.code,
        "supplier_name": supplier.name,
        "due_on": "2030-01-31",
        "submitted_at": "2026-11-25T03:00:00Z",
        "waiting_since": "2026-11-25T03:00:00Z",
        "business_days": 3,
        "consultation": None,
        "reasons": [
            {
                "code": "many_unknowns",
                "detail": {
                    "ja": "「わからない」の回答が6問以上あります。",
                    "en": "6 or more answers are “I don't know”.",
                },
            }
        ],
        "letters": [],
    }


def test_the_longest_waiting_comes_first_whichever_was_asked_first(api, contractor):
    late = hand_in(contractor, "unknown", at=NOW)
    early = hand_in(contractor, "unknown", at=NOW - timedelta(days=3))
    same = hand_in(contractor, "unknown", at=NOW)

    assert [row["id"] for row in work(api)] == [str(a.public_id) for a in (early, late, same)]


def test_a_page_ends_between_two_of_the_same_moment_and_none_is_lost(api, contractor):
    waiting = [hand_in(contractor, "unknown") for _ in range(4)]
    first = api.get(PATH, {"page_size": "3"}).json()

    second = api.get(first["next"]).json()
    back = api.get(second["previous"]).json()

    seen = [row["id"] for row in first["results"] + second["results"]]
    assert seen == [str(each.public_id) for each in waiting]
    assert back["results"] == first["results"]


def test_a_page_that_was_decided_meanwhile_leads_back(api, contractor):
    first, second = hand_in(contractor, "unknown"), hand_in(contractor, "unknown")
    following = api.get(PATH, {"page_size": "1"}).json()["next"]
    reviewing.accept(second, actor=SYSTEM, now=NOW)

    emptied = api.get(following).json()

    assert (emptied["results"], emptied["next"]) == ([], None)
    assert [row["id"] for row in api.get(emptied["previous"]).json()["results"]] == [
        str(first.public_id)
    ]


def test_what_a_person_reopened_waits_again_and_says_so(api, contractor):
    assessment = hand_in(contractor)

    person = UserFactory.create(contractor=contractor)
    reviewing.reopen(assessment, person=person, now=NOW + timedelta(days=1))

    [row] = work(api)
    assert (row["id"], codes(row)) == (str(assessment.public_id), ["reopened"])


def test_reasons_stand_in_the_same_order_for_everybody(api, contractor):
    assessment = AnsweredFactory.create(contractor=contractor, answers="unknown")
    ConsultationFactory.create(assessment=assessment, contractor=contractor)
    submitting.submit(assessment, responsible=OWNER, now=NOW)

    [row] = work(api)

    assert codes(row) == ["many_unknowns", "talks_open"]


@pytest.mark.parametrize("decide", ["accept", "return_"])
def test_what_was_decided_leaves_the_list(api, contractor, decide):
    assessment = hand_in(contractor, "unknown")

    asked = {"accept": [], "return_": [Return(due_on=NOW.date(), reason="確認のため")]}
    getattr(reviewing, decide)(assessment, *asked[decide], actor=SYSTEM, now=NOW)

    assert work(api) == []


def test_nothing_waits_before_it_was_handed_in_nor_after_it_ended(api, contractor):
    for status in set(Status) - {Status.SUBMITTED}:
        AssessmentFactory.create(contractor=contractor, status=status)

    assert work(api) == []


def test_what_was_erased_waits_for_nobody(api, contractor):
    assessment = hand_in(contractor, "unknown")

    Assessment.objects.filter(pk=assessment.pk).update(erased_at=NOW)

    assert work(api) == []


def test_a_flag_leaves_what_waits_for_this_reason(api, contractor):
    unknown, reopened = hand_in(contractor, "unknown"), hand_in(contractor)
    reviewing.reopen(reopened, person=UserFactory.create(contractor=contractor), now=NOW)

    assert [row["id"] for row in work(api, flag="reopened")] == [str(reopened.public_id)]
    assert [row["id"] for row in work(api, flag="many_unknowns")] == [str(unknown.public_id)]
    assert work(api, flag="asked_back") == []


def test_a_flag_that_does_not_exist_is_refused(api):
    answer = api.get(PATH, {"flag": "unknowns"})

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/flag"]


def test_another_tenant_sees_nothing_of_it(api_of, contractor):
    hand_in(contractor, "unknown")

    assert work(api_of(ContractorFactory.create())) == []


def test_reasons_are_the_same_whatever_was_answered_and_need_no_scope_of_answers(
    api_of, contractor
):
    hand_in(contractor, "unknown")
    some = AnsweredFactory.create(contractor=contractor)
    some.answers.filter(number__gt=19).update(
        value="unknown", comment="会計の先生にまかせています。"
    )
    submitting.submit(some, responsible=OWNER, now=NOW)

    every, few = work(api_of(contractor, Scope.ASSESSMENTS_READ))

    assert every["reasons"] == few["reasons"]
    assert "会計" not in f"{few}"
