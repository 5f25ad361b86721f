"""Requests as a supplier meets them: a link, a browser without scripts, and the mailed code."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments import consulting, enlisting, inviting, reviewing, submitting
from assessments.models import Confirmation, Consultation, Mail
from assessments.reviewing import Return
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    CertificationFactory,
    DelegationFactory,
    EntryFactory,
)
from tests.form.browsing import Browser
from tests.form.confirmations import ICHIRO, link_in
from tests.form.talking import OFFER, PERSON, WORDS
from tests.sending import carry

TYPED = {
    "item_1": "done",
    "comment_1": "一行目\r\n<b>二行目</b> & 'かぎ'",
    "item_3": "unknown",
    "comment_4": "選ぶ前の補足",
}


def assert_typed(page, typed=TYPED):
    """All of the input stands in the page again."""
    for name, value in typed.items():
        assert page.value(name) == value, name


def link_to(assessment):
    """The path of a new link."""
    return "/r/" + inviting.issue_link(assessment, now=timezone.now()).rpartition("/")[2]


def link_of(delegation):
    """The path of a new link to a colleague."""
    return "/q/" + enlisting.issue_link(delegation, now=timezone.now()).rpartition("/")[2]


def wide(text):
    """The same in full-width characters, as Japanese keyboards easily produce them."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


def come_in(assessment, **headers):
    """A browser that started while there were no answers."""
    browser = Browser(**headers)
    browser.open(link_to(assessment))
    browser.press()
    return browser


def inside(about, **headers):
    """A browser whose code was right: of who answers a request, or who is to confirm it."""
    browser = Browser(**headers)
    session = browser.client.session
    tree = {"assessment": about}
    if isinstance(about, Confirmation):
        tree = {"assessment": about.assessment, "confirmation": about}
    entry = EntryFactory.create(**tree)
    session["entries"] = {str(about.public_id): entry.pk}
    session.save()
    return browser


def send_mails():
    """Whatever is owed leaves; the letters that left, by whom they reached."""
    sent, now = len(mail.outbox), timezone.now()
    carry(Mail.objects.select_related("contact").claim(now=now), now=now)
    return {letter.to[0]: letter for letter in mail.outbox[sent:]}


def ask_back(assessment, items=(3, 5), reason="急ぎません。"):
    """It was handed in, and the contractor asks about these items."""
    person = Responsible(name="山田太郎", title="社長", email="yamada@yamada.example")
    submitting.submit(assessment, responsible=person, now=timezone.now())
    questions = dict.fromkeys(items, "どのパソコンが対象ですか。")
    asked = Return(timezone.localdate() + timedelta(days=14), questions, reason)
    reviewing.return_(assessment, asked, actor=SYSTEM, now=timezone.now())


@pytest.fixture
def assessment(db):
    return AssessmentFactory.create()


@pytest.fixture
def answered(db):
    return AnsweredFactory.create()


@pytest.fixture
def delegation(db):
    return DelegationFactory.create(note="よろしくお願いします。")


@pytest.fixture
def colleague(delegation):
    """A colleague's browser, at the questions."""
    browser = Browser()
    browser.open(link_of(delegation))
    browser.press()
    return browser


@pytest.fixture
def link(assessment):
    return link_to(assessment)


@pytest.fixture
def browser(assessment):
    """In, at the overview."""
    return come_in(assessment)


@pytest.fixture
def at(assessment):
    """The address of a page of the request."""
    return lambda name="": f"/f/{assessment.public_id}/{name}"


@pytest.fixture
def mailed_code(django_capture_on_commit_callbacks):
    """Do something that mails a code, and return the six digits."""

    def mailed_code(act):
        sent = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert len(mail.outbox) == sent + 1, "no code was mailed"
        return re.search(r"\b\d{6}\b", mail.outbox[-1].body).group()

    return mailed_code


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    """Where the documents of this test are."""
    place = tmp_path / "evidence"
    told = settings.STORAGES["evidence"]
    options = told["OPTIONS"] | {"location": place}
    settings.STORAGES = settings.STORAGES | {"evidence": told | {"OPTIONS": options}}
    return place


@pytest.fixture
def named(assessment):
    """A certification of the supplier, by its fields."""

    def named(**fields):
        return CertificationFactory.create(
            supplier=assessment.supplier, contractor=assessment.contractor, **fields
        )

    return named


def valid_isms(assessment, **fields):
    """A certificate of the supplier that was checked, covers the trade and has not ended."""
    given = {
        "scheme": "isms", "number": "IS 500001", "edition": "2022", "state": "verified",
        "scope_covers": "yes", "valid_until": timezone.localdate() + timedelta(days=200),
    }  # fmt: skip
    tree = {"supplier": assessment.supplier, "contractor": assessment.contractor}
    return CertificationFactory.create(**tree, **(given | fields))


@pytest.fixture
def talks(browser, at):
    """A browser at the thread that it opened."""
    browser.open(at("consultations/new/talks"))
    browser.press(topics=["cost", "time"], text=WORDS)
    return browser


@pytest.fixture
def thread(talks):
    return Consultation.objects.get()


@pytest.fixture
def offered(talks, thread):
    """The contractor proposed something; the browser is at the page where it is answered."""
    proposal = consulting.propose(thread, OFFER, voice=PERSON, now=timezone.now())
    talks.open(talks.page.address)
    [way] = [link for link in talks.page.links if str(proposal.public_id) in link]
    talks.open(way)
    return talks


@pytest.fixture
def asker(answered):
    """A browser of who answers, at the page where it is handed in."""
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/submit")
    return browser


@pytest.fixture
def asked(asker):
    """It was asked for on the page."""
    asker.press("ask", **ICHIRO)
    return Confirmation.objects.get()


@pytest.fixture
def link_to_confirm(asked):
    return link_in(send_mails()[ICHIRO["email"]])


@pytest.fixture
def president(link_to_confirm, mailed_code):
    """The responsible person's browser, at the answers."""
    browser = Browser()
    browser.open(link_to_confirm)
    code = mailed_code(browser.press)
    browser.press(code=code)
    return browser
