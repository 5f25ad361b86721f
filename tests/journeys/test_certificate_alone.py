"""A certificate answers alone, from the outside: API, mailbox, form, API, and the day it ends."""

import re
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

RESPONSIBLE = {"name": "山田花子", "title": "社長", "email": "hanako@yamada.example"}


@pytest.fixture
def db(committed):
    """Here everything commits, as it does in production."""


LAST_DAY = timezone.localdate() + timedelta(days=100)


@pytest.fixture
def supplier(api):
    exposed = {"confidential_information": True, "business_continuity": False}
    return api.put(
        "/api/v1/suppliers/by-code/K-1/",
        {
            "name": "山田製作所",
            "exposure": exposed | {"system_access": False},
            "contacts": [{"name": "山田太郎", "email": "taro@yamada.example"}],
        },
    ).json()


@pytest.fixture
def certificate(api, supplier):
    """An ISMS that the contractor has checked."""
    address = f"/api/v1/suppliers/{supplier['id']}/certifications/"
    paper = {"scheme": "isms", "number": "IS 500001", "edition": "2022"}
    named = api.post(address, paper | {"valid_until": LAST_DAY.isoformat()}).json()
    checked = f"/api/v1/certifications/{named['id']}/verify/"
    assert api.post(checked, {"scope_covers": "yes", "note": "電話で確認"}).status_code == 200
    return named


@pytest.fixture
def asked(api, supplier):
    return api.post(
        "/api/v1/assessments/",
        {
            "supplier": supplier["id"],
            "questionnaire": "ipa-self-diagnosis",
            "due_on": "2030-01-31",
            "requirements": {"reasons": ["confidential_information"]},
        },
    ).json()


@pytest.fixture
def link(mailbox, strike, asked):
    strike()
    [mail] = mailbox.mails
    assert "ISMS" in mail.get_content()
    return urlsplit(re.search(r"https?://\S+/r/\S+", mail.get_content()).group()).path


def test_a_supplier_answers_with_its_certificate_until_that_ends(
    api, client, mailbox, strike, supplier, certificate, asked, link
):
    url = f"/api/v1/assessments/{asked['id']}/"
    page = client.post(link, {"action": "certificate"}).url
    assert "IS 500001" in client.get(page).content.decode()
    given = RESPONSIBLE | {"certification": certificate["id"], "confirmed": "yes"}
    receipt = client.get(client.post(page, given).url).content.decode()

    [submission] = api.get(f"{url}submissions/").json()["results"]
    assert submission["receipt"] in receipt
    assert submission["certification"] == certificate["id"]
    told = api.get(url).json()
    assert (told["status"], told["certification"]) == ("submitted", certificate["id"])
    assert (told["rating"]["score"], told["rating"]["self_diagnosis"]) == ("70.00", None)
    answers = api.get(f"{url}answers/").json()
    assert (answers["answers"], answers["certificate"]["number"]) == ([], "IS 500001")
    rating = api.get(f"{url}rating/")
    assert (rating.status_code, rating.json()["grade"]) == (200, "B")
    kinds = [each["kind"] for each in api.get("/api/v1/events/?after=0").json()["results"]]
    assert {"assessment.started", "assessment.submitted", "rating.changed"} <= set(kinds)
    assert standing_of(api, supplier)["grade"] == "B"
    strike()
    assert any(submission["receipt"] in each.get_content() for each in mailbox.mails)

    # The day after its last one begins in Japan at 15:00 UTC of the last.
    strike(datetime.combine(LAST_DAY, time(15, 1), UTC))

    assert standing_of(api, supplier)["level"] == "unknown"


def standing_of(api, supplier):
    return api.get(f"/api/v1/suppliers/{supplier['id']}/").json()["standing"]
