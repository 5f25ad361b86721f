"""The view over all suppliers: what is told of few, of certificates, requests and months."""

import datetime

import pytest
from django.utils import timezone

from assessments.analysing import amounts
from assessments.models import Assessment
from suppliers.models import Contact, Supplier
from tests.factories import (
    AssessmentFactory,
    CampaignFactory,
    CertificationFactory,
    SupplierFactory,
    official,
)
from tests.portfolio import Firm, make

pytestmark = pytest.mark.django_db

PORTFOLIO = "/api/v1/analytics/portfolio/"


def read(api, **query):
    answer = api.get(PORTFOLIO, query)
    assert answer.status_code == 200
    return answer.json()


def test_a_group_of_few_is_not_told_of_and_neither_is_what_it_remains_from(api, contractor):
    for industry, count in {"E": 12, "G": 6, "I": 2}.items():
        for _ in range(count):
            make(contractor, Firm(industry=industry, answers={3: "not_done"}))

    items = read(api)["items"]

    told = {group["group"]: group["weakest"] is not None for group in items["by_industry"]}
    assert told == {"E": True, "G": False, "I": False}
    assert items["all"][0]["not_done"] == 20


def test_four_answers_are_not_told_at_all(api, contractor):
    for _ in range(4):
        make(contractor, Firm())

    told = read(api)

    assert told["answered"] == 4
    assert told["items"]["all"] is None
    assert [group["weakest"] for group in told["items"]["by_industry"]] == [None]


def test_certificates_are_counted_as_they_stand_today_in_japan(api, contractor, monkeypatch):
    ends = datetime.date(2026, 3, 31)
    first, second, gone = SupplierFactory.create_batch(3, contractor=contractor)
    Supplier.objects.filter(pk=gone.pk).update(status="archived")
    for supplier, state in ((first, "verified"), (first, "declared"), (second, "rejected")):
        CertificationFactory.create(
            contractor=contractor, supplier=supplier, scheme="isms", state=state, valid_until=ends
        )
    CertificationFactory.create(contractor=contractor, supplier=gone, scheme="isms")
    CertificationFactory.create(contractor=contractor, supplier=second, scheme="security_action_2")

    last_second = isms_at(
        api, monkeypatch, datetime.datetime(2026, 3, 31, 14, 59, 59, tzinfo=datetime.UTC)
    )
    next_day = isms_at(api, monkeypatch, datetime.datetime(2026, 3, 31, 15, tzinfo=datetime.UTC))

    of_two = {"declared": 1, "verified": 1, "rejected": 1, "expired": 0, "held": 1}
    assert last_second == of_two | {"renewal_pending": 0, "withdrawn": 0}
    ended = {"declared": 0, "verified": 0, "rejected": 1, "expired": 1, "held": 0}
    assert next_day == ended | {"renewal_pending": 0, "withdrawn": 0}
    stars = {row["scheme"]: row["held"] for row in read(api)["certifications"]}
    assert stars["security_action_2"] == 1
    assert len(stars) == 16


def test_the_funnel_counts_the_requests_of_twelve_months(api, contractor):
    day = datetime.date(2020, 1, 31)
    AssessmentFactory.create(contractor=contractor, due_on=day)  # overdue
    AssessmentFactory.create(contractor=contractor, status="started")
    AssessmentFactory.create(contractor=contractor, status="accepted")
    AssessmentFactory.create(contractor=contractor, status="returned", due_on=day)
    AssessmentFactory.create(contractor=contractor, status="declined", due_on=day)
    AssessmentFactory.create(contractor=contractor, status="expired", due_on=day)
    AssessmentFactory.create(contractor=contractor, status="cancelled")
    AssessmentFactory.create(contractor=contractor, status="draft", invited_at=None)
    long_ago = timezone.now() - datetime.timedelta(days=400)
    AssessmentFactory.create(contractor=contractor, requested_at=long_ago)

    funnel = read(api)["funnel"]

    del funnel["since"]
    assert funnel == {
        "asked": 6, "invited": 6, "started": 3, "submitted": 2, "accepted": 1, "returned": 1,
        "declined": 1, "expired": 1, "overdue": 3, "cancelled": 1,
    }  # fmt: skip


def test_months_are_months_in_japan(api, contractor, monkeypatch):
    for hour in (14, 15):  # the last hour of October and the first of November in Japan
        asked_at = datetime.datetime(2026, 10, 31, hour, 30, tzinfo=datetime.UTC)
        assessment = make(contractor, Firm(), requested_at=asked_at)
        assert assessment.requested_at == asked_at
    now = datetime.datetime(2026, 11, 25, 3, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)

    trend = read(api)["trend"]

    assert [row["month"] for row in trend][0::11] == ["2025-12", "2026-11"]
    assert [row["asked"] for row in trend[-2:]] == [1, 1]
    handed_in = Assessment.objects.filter(submissions__isnull=False).count()
    assert sum(row["handed_in"] for row in trend) == handed_in == 2
    assert {row["mean_score"] for row in trend} == {None, "72.00"}


def test_spending_and_damage_are_told_in_tens_and_never_of_few(api, contractor):
    spent = ["0"] * 9 + ["1-99999"] * 8 + ["unknown"] * 3 + ["5000000-"] * 5
    for choice in spent:
        make(contractor, Firm(profile={"spending": choice}))

    spending = read(api)["spending"]

    shown = {row["choice"]: row["n"] for row in spending["choices"]}
    assert spending["n"] == 20
    assert (shown["0"], shown["1-99999"]) == (9, 8)
    assert shown["unknown"] is shown["5000000-"] is shown["100000-499999"] is None
    assert read(api)["damage"]["n"] == 0


def test_a_tenth_answer_moves_figures_that_nine_did_not(api, contractor):
    for _ in range(9):
        make(contractor, Firm(profile={"spending": "0"}))
    before = read(api)["spending"]

    make(contractor, Firm(profile={"spending": "0"}))

    assert before["n"] == 0
    assert read(api)["spending"]["n"] == 10


def test_amounts_have_the_choices_of_the_company_s_profile():
    profile = official("supplier-profile").parsed()

    for name, choices in amounts.CHOICES.items():
        item = profile.named(name)
        assert item.aggregate_only
        assert [option.value for option in item.options] == list(choices)


def test_nobody_to_look_at_is_no_error(api):
    told = read(api)

    assert (told["suppliers"], told["answered"], told["items"]["all"]) == (0, 0, None)
    assert [row["percent"] for row in told["bands"]] == [None] * 4
    assert len(told["trend"]) == 12


def test_of_a_campaign_its_suppliers_and_its_requests_alone_are_counted(api, contractor):
    campaign = CampaignFactory.create(contractor=contractor, suppliers=2)
    for contact in Contact.objects.all():
        AssessmentFactory.create(contractor=contractor, contact=contact, campaign=campaign)
        AssessmentFactory.create(contractor=contractor, contact=contact)
    AssessmentFactory.create(contractor=contractor)

    told = read(api, campaign=str(campaign.public_id))

    assert told["suppliers"] == 2
    assert told["funnel"]["asked"] == told["funnel"]["invited"] == 2
    assert read(api)["funnel"]["asked"] == 5


def test_anothers_campaign_is_no_filter(api):
    answer = api.get(PORTFOLIO, {"campaign": str(CampaignFactory.create().public_id)})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/campaign")


def isms_at(api, monkeypatch, moment):
    monkeypatch.setattr(timezone, "now", lambda: moment)
    told = read(api)
    monkeypatch.undo()
    [isms] = [row for row in told["certifications"] if row["scheme"] == "isms"]
    del isms["scheme"]
    return isms
