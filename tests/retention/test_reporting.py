"""Before anything is erased it is told: how much of what, in which month; and how long is set."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import asking
from assessments.asking import Wish
from assessments.models import AnswerEvidence, Status
from contractors.actors import SYSTEM
from contractors.models import Contractor
from events.models import Event
from tests.factories import AssessmentFactory, ContactFactory, EvidenceFactory, official

pytestmark = pytest.mark.django_db

PATH = "/api/v1/retention/"
CONTRACTOR = "/api/v1/contractor/"


@pytest.fixture
def decided(contractor):
    contact = ContactFactory.create(contractor=contractor, last_active_on="2026-03-05")
    return AssessmentFactory.create(
        contractor=contractor,
        contact=contact,
        status=Status.ACCEPTED,
        decided_at=datetime(2026, 3, 31, 15, tzinfo=UTC),  # the first of April in Japan
    )


def test_the_report_tells_kinds_and_months(api, decided):
    evidence = EvidenceFactory.create(contractor=decided.contractor, supplier=decided.supplier)
    AnswerEvidence.objects.create(
        contractor=decided.contractor, assessment=decided, number=1, evidence=evidence
    )

    told = api.get(PATH).json()

    assert told["planned"] == [
        {"kind": "contacts", "month": "2027-03", "count": 1, "first": "2027-03-05"},
        {"kind": "answers", "month": "2029-04", "count": 1, "first": "2029-04-01"},
        {"kind": "files", "month": "2029-04", "count": 1, "first": "2029-04-01"},
        {"kind": "talks", "month": "2033-04", "count": 1, "first": "2033-04-01"},
    ]
    assert told["due"] == []


def test_what_is_due_is_told_apart(api, decided):
    type(decided).objects.update(decided_at=datetime(2020, 1, 1, tzinfo=UTC))

    told = api.get(PATH).json()

    assert [each["kind"] for each in told["due"]] == ["answers"]


def test_what_belongs_to_others_and_drafts_are_not_told(api, contractor):
    AssessmentFactory.create()
    AssessmentFactory.create(
        contractor=contractor,
        status=Status.DRAFT,
        invited_at=None,
        contact__last_active_on="2026-01-01",
    )

    assert {each["kind"] for each in api.get(PATH).json()["planned"]} == {"contacts"}


def test_it_takes_as_many_queries_for_many_as_for_none(api, contractor):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert api.get(PATH).status_code == 200
        return len(queries)

    asked()  # the first call also notes that the key is in use
    none = asked()
    AssessmentFactory.create_batch(7, contractor=contractor)

    assert asked() == none


def test_another_key_may_not_read_it(api_of, contractor):
    assert api_of(contractor, "answers:read").get(PATH).status_code == 403


def test_the_settings_are_told_and_changed(api):
    before = api.get(CONTRACTOR).json()["retention"]

    api.patch(CONTRACTOR, {"retention": {"answers_months": 48, "contacts_months": 7}})

    assert before == {
        "answers_months": 36, "talks_months": 84, "contacts_months": 12,
    }  # fmt: skip
    assert api.get(CONTRACTOR).json()["retention"] == before | {
        "answers_months": 48, "contacts_months": 7,
    }  # fmt: skip
    changed = Event.objects.get(kind="contractor.updated").changed
    assert changed == ["answers_kept_months", "contacts_kept_months"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answers_months", 23), ("answers_months", 121), ("talks_months", 23),
        ("talks_months", 121), ("contacts_months", 0), ("contacts_months", 61),
        ("talks_months", None),
        ("talks_months", "many"), ("days", 1),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(api, name, value):
    answer = api.patch(CONTRACTOR, {"retention": {name: value}})

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [f"/retention/{name}"]


def test_talks_are_kept_two_years_at_least_and_why_is_said(api):
    answer = api.patch(
        CONTRACTOR, {"retention": {"talks_months": 12}}, headers={"Accept-Language": "en"}
    )

    assert answer.json()["errors"][0]["detail"] == (
        "Records of talks are kept for 24 months at least: the law asks for it."
    )


@pytest.mark.parametrize(("told", "kept"), [({}, 48), ({"retention_months": 24}, 24)])
def test_a_request_keeps_what_it_told_when_it_was_sent(contractor, told, kept):
    contact = ContactFactory.create(contractor=contractor)
    wish = Wish(
        supplier=contact.supplier, contact=contact, questionnaire=official("ipa-self-diagnosis"),
        due_on=date(2030, 1, 31), requirements=told,
    )  # fmt: skip
    now = datetime(2026, 12, 1, tzinfo=UTC)
    Contractor.objects.update(answers_kept_months=24)
    contractor.refresh_from_db()
    drafted = asking.ask(contractor, wish, send=False, actor=SYSTEM, now=now)
    Contractor.objects.update(answers_kept_months=48)

    asking.send(drafted, actor=SYSTEM, now=now)
    Contractor.objects.update(answers_kept_months=36)

    drafted.refresh_from_db()
    assert drafted.answers_kept_months == kept
