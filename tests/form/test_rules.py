"""Rules of every page: headers, language, one heading, sizes, and a constant number of queries."""

import gzip
import itertools
import re

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments import inviting
from assessments.form.urls import urlpatterns
from assessments.models import Answer, Status
from suppliers import opting_out
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    CertificationFactory,
    ConsultationFactory,
    ContactFactory,
    DelegationFactory,
    ProposalFactory,
)
from tests.form.browsing import Browser, Page
from tests.form.confirmations import ask, take_back
from tests.form.conftest import ask_back, inside, link_of, link_to, valid_isms

pytestmark = pytest.mark.django_db
NAMES = (
    "",
    "answers/1",
    "answers/2",
    "answers/3",
    "answers/4",
    "certifications",
    "certifications/add?of=isms",
    "certifications/add?group=other",
    "company",
    "certificate",
    "check",
    "submit",
    "extension",
    "handover",
    "colleagues/",
    "colleagues/new",
    "clarification",
    "confirmation",
    "consultations/",
    "consultations/new/talks",
    "consultations/new/question",
)
OWN = ("certification", "remove_certification")  # of one that is named already
NEEDED = {"clarification": ask_back, "certificate": valid_isms, "confirmation": ask}
AT_LINK = {
    "start": "",
    "decline": "/decline",
    "extension_at_link": "/extension",
    "handover_at_link": "/handover",
}
OF_NOBODY = {
    "lost": "/r/lost",
    "declined": "/declined",
    "handed_over": "/handed-over",
    "given_back": "/given-back",
}
BY_COLLEAGUE = {"colleague": "", "delegation": "next", "decline_delegation": "decline"}
HANDED_IN = ("receipt", "result", "consultations/new/objection")
TO_CONFIRM = ("confirm_at_link", "confirm", "confirm_end")
THREAD = {"consultation": "", "propose": "/propose", "answer_proposal": "/proposals/{}"}
EVERY = (
    *AT_LINK,
    *OF_NOBODY,
    "opt_out",
    "code",
    *TO_CONFIRM,
    *BY_COLLEAGUE,
    *HANDED_IN,
    *NAMES,
    *OWN,
    *THREAD,
)


def contact_of(language):
    return ContactFactory.create(language=language)


def open_page(name, language):
    """Any page of the form, opened as whoever may see it."""
    contact = contact_of(language)
    tree = {"contact": contact, "contractor": contact.contractor}
    headers = {"Accept-Language": language}
    if name in OF_NOBODY or name == "opt_out":
        way = OF_NOBODY.get(name) or f"/o/{opting_out.token(contact)}"
        return Browser(**headers).open(way)
    if name in AT_LINK:
        link = link_to(AssessmentFactory.create(**tree))
        return Browser(**headers).open(link + AT_LINK[name])
    if name in BY_COLLEAGUE:
        return open_as_colleague(contact, BY_COLLEAGUE[name], headers)
    if name in HANDED_IN:
        assessment = AnsweredFactory.create(answers="unknown", **tree)
        browser = inside(assessment, **headers)
        browser.open(f"/f/{assessment.public_id}/submit")
        person = {"name": "山田", "title": "代表", "email": "yamada@yamada.example"}
        browser.press(**person, confirmed="yes")
        return browser.open(f"/f/{assessment.public_id}/{name}")
    assessment = AnsweredFactory.create(**tree)
    if name in TO_CONFIRM:
        return open_as_responsible(name, ask(assessment), **headers)
    browser = Browser(**headers) if name == "code" else inside(assessment, **headers)
    return browser.open(f"/f/{assessment.public_id}/{way_to(name, assessment)}")


def open_as_responsible(name, asked, **headers):
    if name == "confirm_at_link":
        way = inviting.issue_link_to_confirm(asked.assessment, asked.person, now=asked.asked_at)
        return Browser(**headers).open("/c/" + way.rpartition("/")[2])
    browser = inside(asked, **headers)
    if name == "confirm_end":
        take_back(asked)
    return browser.open(f"/confirmations/{asked.public_id}")


def open_as_colleague(contact, button, headers):
    """The page behind the link, or the one that its button leads to."""
    tree = {"assessment__contractor": contact.contractor, "contact": contact}
    browser = Browser(**headers)
    page = browser.open(link_of(DelegationFactory.create(**tree)))
    return browser.press(button) if button else page


def way_to(name, assessment):
    """The end of the page's address, once there is what it is about."""
    if name in NEEDED:
        NEEDED[name](assessment)
    if name in THREAD:
        thread = ConsultationFactory.create(assessment=assessment)
        proposal = ProposalFactory.create(consultation=thread)
        return f"consultations/{thread.public_id}{THREAD[name].format(proposal.public_id)}"
    if name in OWN:
        row = CertificationFactory.create(
            supplier=assessment.supplier, contractor=assessment.contractor
        )
        action = "/remove" if name == "remove_certification" else ""
        return f"certifications/{row.public_id}{action}"
    return name


@pytest.fixture(params=["ja", "en"])
def language(request):
    return request.param


@pytest.fixture(params=EVERY)
def page(request, language):
    return open_page(request.param, language)


def test_every_route_is_opened_by_these_tests():
    opened = {"overview", "answers", "add_certification", "open_consultation"}
    opened |= {"certificate_alone", "colleagues", "ask_colleague"} | set(EVERY)
    opened.add("agreement")  # a file, not a page: see test_agreement
    opened |= {each.rstrip("/") for each in opened}

    assert {route.name for route in urlpatterns} <= opened


def test_headers_keep_pages_out_of_caches_and_indexes(page):
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_a_page_speaks_one_language_and_has_one_heading(page, language):
    tags = [tag for tag, _ in page.tags]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]

    assert page.language == language
    assert page.headers["Content-Language"] == language
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert page.title.endswith(" - Tasuki")
    assert not page.title.startswith(("エラー", "Error"))


DROPPING = '<script src="/static/assessments/dropping.js" defer>'


def test_a_page_has_no_script_or_style_within_it_and_names_no_other_host(page):
    html = page.html

    assert re.findall("<script[^>]*>[^<]*", html) in ([], [DROPPING])
    assert "<style" not in html
    assert not re.search(r'\s(style|on[a-z]+)="', html)
    assert not re.search(r'(?:href|src|action)="(?:https?:)?//', html)


def test_ids_are_unique_and_labels_lead_to_them(page):
    targets = [attrs["for"] for tag, attrs in page.tags if tag == "label"]
    told = [each for _, attrs in page.tags for each in attrs.get("aria-describedby", "").split()]

    assert len(page.ids) == len(set(page.ids))
    assert set(targets) | set(told) <= set(page.ids)


def test_links_of_a_page_lead_somewhere(page):
    for address in page.links:
        assert address.startswith(("#", "/")), address
        assert "//" not in address


def test_pages_are_small(page):
    style = finders.find("assessments/form.css")
    with open(style, "rb") as file:
        css = file.read()

    assert len(css) <= 20_000
    assert len(page.html.encode()) + len(css) <= 60_000
    assert len(gzip.compress(page.html.encode())) <= 20_000


@pytest.mark.parametrize(
    "name",
    [
        "answers/2",
        "certifications",
        "certification",
        "company",
        "submit",
        "decline",
        "code",
        "consultation",
        "consultations/new/talks",
        "propose",
        "answer_proposal",
        "certificate",
        "handover",
        "colleagues/new",
        "delegation",
    ],
)
def test_enter_triggers_the_main_action(name):
    page = open_page(name, "ja")

    assert page.buttons[0]["name"] == "action"
    assert page.buttons[0]["value"] == "next"
    assert page.buttons[0]["form"] == "page"
    main = next(attrs for attrs in page.buttons if attrs.get("class") == "button")
    assert main["value"] == "next"


@pytest.mark.parametrize("name", NAMES)
def test_every_page_after_the_start_has_the_contact_at_its_foot(name):
    page = open_page(name, "ja")

    foot = page.text[page.text.index("お問い合わせ先") :]
    assert "佐藤花子" in foot
    assert "03-1234-5678" in foot
    assert foot.index("個人情報の取扱い") < foot.index("アクセシビリティ")


def test_the_contact_s_language_counts_more_than_the_browser_s():
    contact = contact_of("ja")
    link = link_to(AssessmentFactory.create(contact=contact, contractor=contact.contractor))

    assert Browser(**{"Accept-Language": "en"}).open(link).language == "ja"


def test_the_chosen_language_stays_for_all_pages():
    link = link_to(AssessmentFactory.create())
    browser = Browser()
    browser.open(link)
    token = browser.page.fields["csrfmiddlewaretoken"]

    chosen = browser.send({"csrfmiddlewaretoken": token, "language": ["en"]})

    assert (chosen.address, chosen.language) == (link, "en")
    assert browser.press().language == "en"
    assert browser.open("/r/lost").language == "en"


def queries(browser, path):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = browser.client.get(path)
    assert response.status_code == 200, response.headers
    return len(caught)


@pytest.mark.parametrize("name", sorted({*NAMES} - {"submit", "clarification", "confirmation"}))
def test_a_page_takes_as_many_queries_with_25_answers_as_with_1(name):
    few, many = AssessmentFactory.create(status=Status.STARTED), AnsweredFactory.create()
    Answer.objects.create(
        contractor=few.contractor,
        assessment=few,
        number=1,
        value="done",
        answered_at=few.requested_at,
    )

    counts = [queries(inside(each), f"/f/{each.public_id}/{name}") for each in (few, many)]

    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_questions_back_take_as_many_queries_for_20_as_for_1():
    few, many = AnsweredFactory.create(), AnsweredFactory.create()
    ask_back(few, items=(1,))
    ask_back(many, items=range(1, 21))

    counts = [queries(inside(each), f"/f/{each.public_id}/clarification") for each in (few, many)]

    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_a_link_is_opened_with_two_queries():
    link = link_to(AssessmentFactory.create())

    assert queries(Browser(), link) <= 2


def test_a_page_is_saved_with_few_queries():
    answered = AnsweredFactory.create()
    browser = inside(answered)
    page = browser.open(f"/f/{answered.public_id}/answers/2")
    fields = page.fields | {"item_6": ["partly"], "action": ["next"]}

    with CaptureQueriesContext(connection) as caught:
        response = browser.client.post(page.address, fields)

    assert response.status_code == 302
    assert len(caught) <= 14, [each["sql"] for each in caught]


def test_every_refusal_of_a_request_has_a_page_of_its_own(client, settings, monkeypatch):
    assert "このページは開けません" in client.get("/nothing/here").content.decode()
    assert client.get("/nothing/here").status_code == 404
    strict = Client(enforce_csrf_checks=True)
    assert Page(strict.post("/declined")).status == 403


def test_a_crash_shows_a_page_without_technical_words(client, monkeypatch, link):
    from assessments import inviting

    client.raise_request_exception = False
    monkeypatch.setattr(inviting, "find", lambda token: 1 / 0)

    page = Page(client.get(link))

    assert page.status == 500
    assert "ただいまページを表示できません" in page.text
    assert "ZeroDivision" not in page.html
