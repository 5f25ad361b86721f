"""The main job, from the outside only: API, mailbox, form, webhook, API."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from assessments import timetable
from contractors.models import Contractor

RESPONSIBLE = {
    "name": "山田花子",
    "title": "社長",
    "email": "ｈａｎａｋｏ@yamada.example",
    "confirmed": "yes",
}


@pytest.fixture
def db(committed):
    """Here everything commits, as it does in production."""


@pytest.fixture
def asked(api):
    """A supplier registered by code, and a request to it."""
    api.put(
        "/api/v1/suppliers/by-code/K-1/",
        {
            "name": "山田製作所",
            "exposure": {
                "confidential_information": True,
                "business_continuity": False,
                "system_access": False,
            },
            "contacts": [{"name": "山田太郎", "email": "taro@yamada.example"}],
        },
    )
    [supplier] = api.get("/api/v1/suppliers/?search=k-1").json()["results"]
    return api.post(
        "/api/v1/assessments/",
        {
            "supplier": supplier["id"],
            "questionnaire": "ipa-self-diagnosis",
            "due_on": "2030-01-31",
            "requirements": {"scope": "図面のやり取り", "answers_seen_by": ["security"]},
        },
        headers={"Idempotency-Key": "request-1"},
    ).json()


def link_in(mail):
    return urlsplit(re.search(r"https?://\S+/r/\S+", mail.get_content()).group()).path


def answer_all(client, link, value="done"):
    """Every page in turn, as a browser posts it; returns where the last one leads."""
    page = client.post(link).url
    base = page[: page.index("/f/") + 40]
    for number in range(1, 5):
        shown = client.get(f"{base}answers/{number}").content.decode()
        names = set(re.findall(r'name="(item_\d+|version_\d+)"', shown))
        fields = {name: value if name.startswith("item") else "0" for name in names}
        assert (
            client.post(f"{base}answers/{number}", fields | {"action": "next"}).status_code == 302
        )
    company = {"item_7": "part_time", "item_8": "山田太郎", "version": "0", "action": "next"}
    assert client.post(f"{base}company", company).status_code == 302
    assert client.get(f"{base}check").status_code == 200
    return base


def test_contractor_asks_supplier_answers_contractor_is_told(
    api, client, mailbox, listener, strike, asked
):
    endpoint = api.post("/api/v1/webhooks/", {"url": listener.url}).json()
    strike()
    [mail] = mailbox.mails
    assert mail["To"] == "taro@yamada.example"
    url = f"/api/v1/assessments/{asked['id']}/"
    assert client.get(link_in(mail)).status_code == 200
    assert api.get(url).json()["status"] == "invited"

    base = answer_all(client, link_in(mail))
    assert client.post(f"{base}submit", RESPONSIBLE).url == f"{base}receipt"
    receipt = client.get(f"{base}receipt").content.decode()

    [submission] = api.get(f"{url}submissions/").json()["results"]
    assert submission["receipt"] in receipt
    result = api.get(url).json()
    assert (result["status"], result["progress"]["answered"]) == ("submitted", 25)
    assert result["rating"]["self_diagnosis"]["total"] == 100
    assert (result["rating"]["score"], result["rating"]["level"]) == ("79.99", "low")
    strike()
    told = [Webhook(endpoint["secret"]).verify(body, head) for head, body in listener.calls]
    assert [event["type"] for event in sorted(told, key=lambda each: each["data"]["sequence"])] == [
        "assessment.started",
        "assessment.submitted",
        "rating.changed",
    ]
    assert {mail["To"] for mail in mailbox.mails[1:]} == {
        "taro@yamada.example",
        "hanako@yamada.example",
    }
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 3
    links = {mail["To"]: "/r/" in mail.get_content() for mail in mailbox.mails[1:]}
    assert links == {"taro@yamada.example": True, "hanako@yamada.example": False}


def test_the_feed_alone_tells_all_that_the_webhook_told(api, client, mailbox, strike, asked):
    strike()
    base = answer_all(client, link_in(mailbox.mails[0]), "unknown")
    client.post(f"{base}submit", RESPONSIBLE)

    seen, after = [], 0
    while page := api.get(f"/api/v1/events/?after={after}&page_size=2").json()["results"]:
        seen += page
        after = page[-1]["sequence"]

    assert [event["sequence"] for event in seen] == list(range(1, len(seen) + 1))
    assert [event["kind"] for event in seen] == [
        "api_key.created",
        "supplier.created",
        "assessment.requested",
        "assessment.invited",
        "assessment.started",
        "assessment.submitted",
        "rating.changed",
    ]
    assert seen[-1]["detail"] == {"old_level": None, "new_level": "high"}
    assert seen[-2]["actor"]["type"] == "supplier"


def test_a_request_taken_back_ends_the_link_and_the_open_browser(
    api, client, mailbox, strike, asked
):
    strike()
    link = link_in(mailbox.mails[0])
    page = client.post(link).url
    never = client.get("/r/never")

    api.post(f"/api/v1/assessments/{asked['id']}/cancel/")

    ended = client.get(link)
    assert (ended.status_code, ended.content) == (404, never.content)
    assert client.get(page).status_code == 410  # who was in is told; nothing can be seen or changed
    assert client.post(f"{page}answers/1", {"item_1": "done", "version_1": "0"}).status_code == 410
    strike(now=timetable.open_at(timezone.now(), seed=0) + timedelta(hours=1))
    [_asked, taken_back] = mailbox.mails
    assert "/r/" not in taken_back.get_content()


def test_a_supplier_declines_from_the_first_page(api, client, mailbox, strike, asked):
    strike()
    link = link_in(mailbox.mails[0])
    assert client.get(f"{link}/decline").status_code == 200

    client.post(f"{link}/decline", {"reason": "no_trade", "note": "三月に終わりました"})

    told = api.get(f"/api/v1/assessments/{asked['id']}/").json()
    assert (told["status"], told["decline_reason"]) == ("declined", "no_trade")
    assert client.get(link).status_code == 404


def test_a_mailbox_that_does_not_exist_is_told_and_written_to_no_more(
    api, contractor: Contractor, mailbox, strike, asked
):
    mailbox.refused["taro@yamada.example"] = "550 5.1.1 No such user"

    strike()

    kinds = [event["kind"] for event in api.get("/api/v1/events/").json()["results"]]
    assert kinds[-1] == "contact.bounced"
    answer = api.post(
        "/api/v1/assessments/",
        {
            "supplier": asked["supplier"],
            "questionnaire": "ipa-self-diagnosis",
            "due_on": "2030-01-31",
        },
    )
    assert answer.json()["errors"][0]["code"] == "no-contact"
