"""What waits for a person of the contractor, the longest first, each with why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from assessments import consulting, handing_over, owing, reviewing, submitting, urging
from assessments.models import Assessment, Consultation, Mail, Status
from assessments.reviewing import Return
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from contractors.models import Scope
from suppliers.models import Contact
from tests.acts.test_consulting import PERSON, THEY
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    ConsultationFactory,
    ContactFactory,
    ContractorFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

PATH = "/api/v1/work-list/"
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
OWNER = Responsible("山田花子", "社長", "hanako@yamada.example")


@pytest.fixture
def contractor(db):
    return ContractorFactory.create(accepts_by_rule=True)


def hand_in(contractor, value="done", at=NOW):
    assessment = AnsweredFactory.create(contractor=contractor, answers=value)
    submitting.submit(assessment, responsible=OWNER, now=at)
    return assessment


def work(api, **query):
    return api.get(PATH, query).json()["results"]


def codes(row):
    return [reason["code"] for reason in row["reasons"]]


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


def call(contractor, at, **fields):
    """Nothing was handed in, and somebody is to call since then."""
    return AssessmentFactory.create(contractor=contractor, escalated_at=at, **fields)


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


def lose(contractor, outcome, at=NOW):
    """A request whose reminder came back, or was given up."""
    asked = AssessmentFactory.create(contractor=contractor)
    ended = {"closed_at": at} if outcome == "bounced" else {}
    mail = Mail.objects.create(
        contractor=contractor, contact=asked.contact, outcome=outcome, **ended
    )
    asked.occasions.create(contractor=contractor, mail=mail, kind="reminder", arose_on=at.date())
    if outcome == "bounced":
        Contact.objects.filter(pk=asked.contact_id).update(status="bounced")
    return asked


@pytest.mark.parametrize(
    ("outcome", "reason", "since"),
    [
        ("bounced", "bounced", "2026-11-25T03:00:00Z"),
        ("put-off", "unsent", "2026-11-25T00:00:00Z"),
        ("uncertain", "unsent", "2026-11-25T00:00:00Z"),
    ],
)
def test_a_request_of_which_the_contact_hears_nothing_is_told_with_why(
    api, contractor, outcome, reason, since
):
    asked = lose(contractor, outcome)
    lose(ContractorFactory.create(), outcome)

    [row] = work(api)

    assert (row["id"], row["kind"]) == (str(asked.public_id), "mail")
    assert (codes(row), row["waiting_since"]) == ([reason], since)
    assert (work(api, flag=reason), work(api, flag="phone")) == ([row], [])


@pytest.mark.parametrize("outcome", ["bounced", "put-off"])
def test_it_leaves_the_list_when_somebody_else_is_in_charge_or_it_is_over(api, contractor, outcome):
    changed, ended = lose(contractor, outcome), lose(contractor, outcome)
    known = ContactFactory.create(contractor=contractor, supplier=changed.supplier)

    handing_over.change(changed, known, actor=SYSTEM, now=NOW)
    Assessment.objects.filter(pk=ended.pk).update(status="cancelled")

    assert work(api) == []


def test_it_leaves_the_list_when_a_later_letter_arrives(api, contractor):
    asked = lose(contractor, "put-off")
    Mail.objects.create(contractor=contractor, contact=asked.contact, outcome="sent", closed_at=NOW)

    assert work(api) == []


def ask(contractor, at, kind="talks", topics=("cost",), **matter):
    """The supplier asks about a request of its own, and waits."""
    assessment = AssessmentFactory.create(contractor=contractor)
    wish = consulting.Matter(Consultation.Kind(kind), "ご相談です。", topics, **matter)
    return consulting.start(assessment, wish, voice=THEY, now=at)


def asked(rows):
    return [row["consultation"].rsplit("/", 2)[1] if row["consultation"] else None for row in rows]


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


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_pages_go_through_both_parts_and_back(api, contractor, size):
    for _ in range(3):
        ask(contractor, NOW)
        hand_in(contractor, "unknown")
    whole = [(row["id"], row["kind"]) for row in work(api)]

    address, down = f"{PATH}?page_size={size}", []
    while address:
        page = api.get(address).json()
        down.append([(row["id"], row["kind"]) for row in page["results"]])
        last, address = address, page["next"]
    up, address = [], last
    while address:
        page = api.get(address).json()
        up.insert(0, [(row["id"], row["kind"]) for row in page["results"]])
        address = page["previous"]

    assert len(whole) == 6
    assert down == up == [whole[at : at + size] for at in range(0, 6, size)]


def test_a_thread_answered_between_two_pages_hides_no_other(api, contractor):
    threads = [ask(contractor, NOW) for _ in range(3)]
    decision = hand_in(contractor, "unknown")
    following = api.get(PATH, {"page_size": "2"}).json()["next"]
    consulting.write(threads[1], "お答えします。", voice=PERSON, now=NOW)

    page = api.get(following).json()

    assert asked(page["results"]) == [str(threads[2].public_id), None]
    assert page["results"][1]["id"] == str(decision.public_id)
