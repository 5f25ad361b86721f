"""Every way a request can go, each walked once from the outside: API, mailbox, form, clock."""

import uuid
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from assessments.models import MOVES
from tests.factories import SupplierFactory, UserFactory
from tests.journeys.answering import RESPONSIBLE, answer, come_in, link_in

STORIES = {  # acts of either side and of the clock, each with the status that it leads to
    "forgotten": "cancel cancelled",
    "withdrawn": "send invited, cancel cancelled",
    "declined": "send invited, decline declined",
    "declined late": "send invited, wait expired, decline declined",
    "begun, then declined": "send invited, answer started, decline declined",
    "begun, then withdrawn": "send invited, answer started, cancel cancelled",
    "begun late": "send invited, wait expired, answer started, submit submitted, accept accepted",
    "ended late": "send invited, answer started, wait expired, submit submitted",
    "given up": "send invited, wait expired, cancel cancelled",
    "decided twice": "send invited, answer started, submit submitted, accept accepted,"
    " reopen submitted, cancel cancelled",
    "asked back": "send invited, answer started, submit submitted, return returned,"
    " submit submitted, return returned, cancel cancelled",
    "asked back in vain": "send invited, answer started, submit submitted, return returned,"
    " wait expired",
}


class Walk:
    """One request, and who acts on it: a person by the API, a supplier's browser, the clock."""

    def __init__(self, api, client, mailbox, strike, address):
        self.api, self.client, self.mailbox, self.strike = api, client, mailbox, strike
        self.address = address

    def go(self, act):
        getattr(self, act, lambda: self._post(act))()

    def send(self):
        self._post("send")
        self.strike()
        [self.letter] = self.mailbox.mails

    def answer(self):
        answer(self.client, self._inside(), "done")

    def submit(self):
        told = self.client.post(f"{self._inside()}submit", RESPONSIBLE)
        assert told.url.endswith("/receipt")

    def decline(self):
        said = {"reason": "other", "note": "今期は対応できません。"}
        assert self.client.post(f"{link_in(self.letter)}/decline", said).status_code == 302

    def wait(self):
        self.strike(timezone.now() + timedelta(days=90))

    def cancel(self):
        self._post("cancel", {"reason": "取引の終了"})

    def __getitem__(self, field):
        return self.api.get(self.address).json()[field]

    def _inside(self):
        return come_in(self.client, self.letter)

    def _post(self, act, body=None):
        if act == "return":
            body = {
                "items": [{"number": 3, "question": "対象はどれですか。"}],
                "due_on": str(timezone.localdate() + timedelta(days=14)),
            }
        key = {"Idempotency-Key": f"{uuid.uuid4()}"}
        told = self.api.post(f"{self.address}{act}/", body or {}, headers=key)
        assert told.status_code == 200, told.content


@pytest.fixture
def db(committed):
    """Here everything commits, as it does in production."""


@pytest.fixture
def walk(contractor, api_of, client, mailbox, strike):
    api = api_of(contractor, user=UserFactory.create(contractor=contractor))
    supplier = SupplierFactory.create(contractor=contractor)
    contacts = f"/api/v1/suppliers/{supplier.public_id}/contacts/"
    api.post(contacts, {"name": "山田太郎", "email": "taro@yamada.example"})
    body = {
        "supplier": f"{supplier.public_id}",
        "questionnaire": "ipa-self-diagnosis",
        "due_on": str(timezone.localdate() + timedelta(days=40)),
        "send": False,
    }
    made = api.post("/api/v1/assessments/", body).json()
    return Walk(api, client, mailbox, strike, f"/api/v1/assessments/{made['id']}/")


def steps(story):
    return [step.split() for step in story.split(", ")]


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_story_goes_as_written_down(walk, story):
    for act, status in steps(story):
        walk.go(act)
        assert walk["status"] == status, act

    told = [move["status"] for move in walk["history"]]
    assert told == ["draft", *(status for _, status in steps(story))]


def test_the_stories_take_every_edge_there_is_and_no_other():
    taken = {
        edge
        for story in STORIES.values()
        for edge in pairwise(["draft", *(status for _, status in steps(story))])
    }

    assert taken == {(here.value, there.value) for here in MOVES for there in MOVES[here]}
