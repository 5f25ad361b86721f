"""What opening a link may do: nothing. And which links lead nowhere, all to the same bytes."""

import hashlib

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from assessments import asking, declining, inviting
from assessments.models import Assessment, DeclineReason, Entry, Link, Status
from contractors.actors import SYSTEM
from events.models import Event
from tests.factories import AnsweredFactory, AssessmentFactory, ContactFactory, EntryFactory
from tests.form.browsing import Browser, Page
from tests.form.conftest import come_in, inside, link_to

pytestmark = pytest.mark.django_db
SCANNERS = [
    "Mozilla/5.0 (compatible; Microsoft Outlook SafeLinks)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 BingPreview/1.0b",
    "Barracuda Sentinel (EE)",
    "Proofpoint URL Defense",
    "Mimecast-URL-Protect/1.0",
    "Symantec Email Security.cloud LinkFollow",
    "Trend Micro Web Reputation",
    "FireEye-ETP",
    "Cisco IronPort URL",
    "Sophos-Time-of-Click",
    "Zscaler-Cloud-Sandbox",
    "GoogleImageProxy",
    "Slackbot-LinkExpanding 1.0",
    "facebookexternalhit/1.1",
    "Twitterbot/1.0",
    "WhatsApp/2.23",
    "LINE/13.0 (linkpreview)",
    "curl/8.5.0",
    "Python-urllib/3.11",
    "HeadlessChrome/130.0",
]


def everything():
    rows = Assessment.objects.order_by("pk").values()
    return list(rows), list(Link.objects.values()), Entry.objects.count(), Event.objects.count()


@pytest.mark.parametrize("agent", SCANNERS)
def test_scanners_change_nothing_and_get_no_session(agent, assessment, link):
    before = everything()
    client = Client(headers={"User-Agent": agent, "Sec-Purpose": "prefetch"})

    for path in (link, link + "/decline", link + "/extension"):
        for method in (client.get, client.head, client.options):
            assert method(path).status_code in {200, 405}

    assert everything() == before
    assert not Session.objects.exists()
    assert "session" not in client.cookies
    assert come_in(assessment).page.address == f"/f/{assessment.public_id}/"


def cancelled(assessment):
    asking.cancel(assessment, reason="", actor=SYSTEM, now=assessment.requested_at)


def declined(assessment):
    reason = DeclineReason.OTHER
    declining.decline(assessment, reason=reason, note="", now=assessment.requested_at)


def revoked(assessment):
    inviting.revoke_links(assessment, now=assessment.requested_at)


@pytest.mark.parametrize("path", ["", "/decline"])
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("end", [cancelled, declined, revoked])
def test_links_that_lead_nowhere_all_show_the_same_bytes(end, language, path):
    contact = ContactFactory.create(language="en" if language == "ja" else "ja")
    assessment = AssessmentFactory.create(contact=contact, contractor=contact.contractor)
    link = link_to(assessment)
    end(assessment)
    client = Client(headers={"Accept-Language": language})

    ended, unknown = client.get(link + path), client.get("/r/" + "x" * 43 + path)
    posted = Client(headers={"Accept-Language": language}, enforce_csrf_checks=True).post(
        link + path
    )

    assert ended.status_code == unknown.status_code == posted.status_code == 404
    assert ended.content == unknown.content == posted.content
    assert ended.headers.keys() == unknown.headers.keys()
    assert assessment.contractor.name not in ended.content.decode()


def test_an_unknown_request_shows_the_same_page_as_an_unknown_link(client):
    unknown = client.get("/r/unknown").content

    for name in (
        "",
        "code",
        "answers/1",
        "certifications",
        "certifications/add?of=isms",
        "company",
        "check",
        "submit",
        "receipt",
    ):
        path = f"/f/{'0' * 8}-0000-7000-8000-{'0' * 12}/{name}"
        assert client.get(path).content == unknown
        assert client.post(path, {"item_1": "done"}).content == unknown


def test_a_link_is_found_by_its_digest_alone(assessment, link):
    token = link.rpartition("/")[2]

    [row] = Link.objects.all()
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(vars(row))


def test_without_having_started_no_page_shows_anything_but_the_way_in(client, answered):
    for name in (
        "",
        "answers/1",
        "certifications",
        "certifications/add?of=isms",
        "company",
        "check",
        "submit",
        "receipt",
    ):
        response = client.get(f"/f/{answered.public_id}/{name}")
        assert response.status_code == 302
        assert response.url.partition("?")[0] == f"/f/{answered.public_id}/code"
    assert "item_1" not in client.get(response.url).content.decode()


def test_an_entry_to_one_request_opens_no_other(answered):
    browser = inside(AssessmentFactory.create())

    page = browser.open(f"/f/{answered.public_id}/check")

    assert page.address == f"/f/{answered.public_id}/code"


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ACCEPTED])
def test_a_link_to_what_was_handed_in_names_no_person_of_the_supplier(status):
    assessment = AnsweredFactory.create(status=status)
    link = link_to(assessment)

    page = Browser().open(link)

    assert page.status == 200
    assert "回答は、提出されています" in page.text
    assert assessment.contact.name not in page.text
    assert assessment.supplier.name not in page.text
    assert Browser().open(link + "/decline").address == link


def test_a_browser_that_was_in_is_told_that_the_request_ended(assessment, browser, at):
    browser.open(at("answers/1"))
    page = browser.page
    cancelled(assessment)

    assert browser.open(at()).status == 410
    assert "この依頼は終わりました" in browser.page.text
    browser.page = page
    assert browser.press(item_1="done").status == 410
    assert Page(Client().get(at())).status == 404


def test_too_many_entries_are_refused_with_a_sentence(assessment):
    EntryFactory.create_batch(60, assessment=assessment)

    page = come_in(assessment).page

    assert page.status == 429
    assert page.headers["Retry-After"] == "60"
    assert "1時間ほどたってからお試しください。" in page.text


def test_a_forged_host_is_refused(client, link):
    assert client.get(link, headers={"Host": "evil.example"}).status_code == 400
    assert client.get(link, headers={"X-Forwarded-Host": "evil.example"}).status_code == 200
