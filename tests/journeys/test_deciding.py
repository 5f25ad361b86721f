"""Accepted by rule, or decided by people, from the outside: API, mailbox, form, API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contractors.models import Contractor
from tests.factories import ContractorFactory, UserFactory
from tests.journeys.answering import RESPONSIBLE, come_in, hand_in, link_in

BY_RULE = "基準により受け入れ済みとなりました。"
QUESTION = "どのパソコンが対象ですか。"
REPLY = "事務所の6台と、現場のタブレット2台です。"


@pytest.fixture
def db(committed):
    """Here everything commits, as it does in production."""


@pytest.fixture
def contractor(db) -> Contractor:
    """Nobody has changed the setting: what nothing speaks against is accepted by rule."""
    usual = Contractor._meta.get_field("accepts_by_rule").default
    return ContractorFactory.create(accepts_by_rule=usual)


@pytest.fixture
def api(contractor, api_of):
    return api_of(contractor, user=UserFactory.create(contractor=contractor))


@pytest.fixture
def asked(api):
    supplier = {
        "name": "山田製作所",
        "exposure": {
            "confidential_information": True,
            "business_continuity": False,
            "system_access": False,
        },
        "contacts": [{"name": "山田太郎", "email": "taro@yamada.example"}],
    }
    body = {
        "supplier": api.put("/api/v1/suppliers/by-code/K-1/", supplier).json()["id"],
        "questionnaire": "ipa-self-diagnosis",
        "due_on": "2030-01-31",
    }
    return f"/api/v1/assessments/{api.post('/api/v1/assessments/', body).json()['id']}/"


@pytest.fixture
def base(client, mailbox, strike, asked):
    """The pages of the request, in a browser that came in by the link."""
    strike()
    [mail] = mailbox.mails
    return come_in(client, mail)


def work(api):
    """The request's address and the reasons of each that waits for a person."""
    return {
        f"/api/v1/assessments/{row['id']}/": [reason["code"] for reason in row["reasons"]]
        for row in api.get("/api/v1/work-list/").json()["results"]
    }


def kinds(api):
    return [event["kind"] for event in api.get("/api/v1/events/?after=0").json()["results"]]


def test_what_nothing_speaks_against_is_accepted_before_the_receipt_is_read(
    api, client, asked, base
):
    receipt = hand_in(client, base, "done")

    assert BY_RULE in receipt
    told = api.get(asked).json()
    assert (told["status"], told["decided_by"]["type"]) == ("accepted", "rule")
    assert told["decided_at"] == told["submitted_at"]
    assert work(api) == {}
    assert kinds(api)[-3:] == ["assessment.submitted", "rating.changed", "assessment.accepted"]

    reopened = api.post(f"{asked}reopen/").json()

    assert (reopened["status"], reopened["decided_by"]) == ("submitted", None)
    assert work(api) == {asked: ["reopened"]}


def test_a_person_asks_back_the_supplier_clarifies_and_the_person_accepts(
    api, client, mailbox, strike, asked, base
):
    hand_in(client, base, "unknown")
    assert work(api) == {asked: ["many_unknowns"]}
    strike()
    known = len(mailbox.mails)

    due = timezone.localdate() + timedelta(days=14)
    items = [{"number": 3, "question": QUESTION}]
    returned = api.post(f"{asked}return/", {"items": items, "due_on": due.isoformat()})

    assert (returned.status_code, returned.json()["status"]) == (200, "returned")
    assert work(api) == {}
    strike()
    [letter] = mailbox.mails[known:]
    assert letter["To"] == "taro@yamada.example"
    assert QUESTION in letter.get_content()

    page = client.post(link_in(letter)).url
    assert QUESTION in client.get(page).content.decode()
    check = client.post(page, {"reply_3": REPLY, "action": "next"}).url
    assert client.get(check).status_code == 200
    assert client.post(f"{base}submit", RESPONSIBLE).url == f"{base}receipt"

    assert work(api) == {asked: ["many_unknowns", "asked_back"]}
    [clarified] = api.get(f"{asked}clarifications/").json()["results"]
    assert (clarified["reply"], clarified["state"]) == (REPLY, "replied")
    assert len(api.get(f"{asked}submissions/").json()["results"]) == 2

    accepted = api.post(f"{asked}accept/").json()

    assert (accepted["status"], accepted["decided_by"]["type"]) == ("accepted", "user")
    assert work(api) == {}
    [settled] = api.get(f"{asked}clarifications/").json()["results"]
    assert settled["state"] == "resolved"
    assert [move["status"] for move in accepted["history"]][-4:] == [
        "submitted",
        "returned",
        "submitted",
        "accepted",
    ]
