"""The whole way from the link to the receipt, in both languages, as a browser without scripts."""

import re

import pytest
from django.core import mail

from assessments.models import Answer, Status, Submission
from tests.factories import AssessmentFactory, ContactFactory
from tests.form.browsing import Browser
from tests.form.conftest import inside, link_to, wide

pytestmark = pytest.mark.django_db
RESPONSIBLE = {"name": "山田太郎", "title": "代表取締役", "email": "yamada@yamada.example"}


def answer_all(browser, value="done"):
    """The four pages of questions, from the first on."""
    for _ in range(4):
        numbers = sorted({name for name in browser.page.names if name.startswith("item_")})
        browser.press(**dict.fromkeys(numbers, value))


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [("ja", "回答の進み具合", "提出しました"), ("en", "Your progress", "Handed in")],
)
def test_a_supplier_answers_from_the_link_to_the_receipt(language, first, last):
    contact = ContactFactory.create(language=language)
    assessment = AssessmentFactory.create(contact=contact, contractor=contact.contractor)
    browser = Browser()

    browser.open(link_to(assessment))
    overview = browser.press()
    assert first in overview.title
    browser.open(f"/f/{assessment.public_id}/answers/1")
    answer_all(browser)
    assert browser.page.address.endswith("/certifications")
    browser.press(isms="none")
    assert browser.page.address.endswith("/company")
    browser.press(item_7="part_time", item_8="山田太郎", item_3=wide("2"))
    assert browser.page.address.endswith("/check")
    browser.press()
    receipt = browser.press(**RESPONSIBLE, confirmed="yes")

    submission = Submission.objects.get()
    assert last in receipt.title
    assert submission.receipt in receipt.text
    assert submission.digest[:16] in receipt.text
    assert submission.content["profile"]["sites"] == 2
    assert receipt.language == language
    assessment.refresh_from_db()
    assert assessment.status == Status.SUBMITTED


def test_gaps_are_allowed_and_told_on_the_next_page(browser, at):
    browser.open(at("answers/1"))

    following = browser.press(item_1="done", item_2="unknown")

    assert following.address == at("answers/2")
    assert "前の画面に未回答が3問あります。あとで回答できます。" in following.text
    assert Answer.objects.count() == 2


def test_the_overview_tells_how_far_and_leads_to_the_first_gap(browser, at):
    browser.open(at("answers/1"))

    overview = browser.press("pause", item_1="done", item_2="done", item_4="done")

    assert overview.address == at()
    assert "保存しました。" in overview.text
    assert "全25問中 3問に回答済み。" in overview.text
    assert "続き(質問3)から" in overview.text
    assert "回答中(3/5)" in overview.text
    assert re.search(r"前回は\d\d:\d\dに保存しました。", overview.text)
    assert at("answers/1#item_3_1") in overview.links


def test_handing_in_with_gaps_lists_each_with_a_link_that_returns_to_the_check(browser, at):
    browser.open(at("check"))

    page = browser.press()

    assert page.address == at("check")
    assert page.title.startswith("エラー:")
    assert len(page.faults()) == 26  # 25 questions and the person in charge
    browser.open(page.faults()[6])
    assert browser.page.address == at("answers/2")
    assert browser.press(item_7="done").address == at("check")


def test_pressing_twice_hands_in_once(answered):
    browser = inside(answered)
    page = browser.open(f"/f/{answered.public_id}/submit")
    fields = {**page.fields, **{name: [value] for name, value in RESPONSIBLE.items()}}

    for _ in range(2):
        browser.page = page
        receipt = browser.send({**fields, "confirmed": ["yes"], "action": ["next"]})

    assert Submission.objects.count() == 1
    assert Submission.objects.get().receipt in receipt.text


def test_after_handing_in_the_pages_lead_to_the_receipt(answered):
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/submit")
    browser.press(**RESPONSIBLE, confirmed="yes")

    for name in ("", "answers/1", "certifications", "company", "check", "submit", "code"):
        page = browser.open(f"/f/{answered.public_id}/{name}")
        assert page.address == f"/f/{answered.public_id}/receipt", name


def test_a_late_answer_starts_an_expired_request_again():
    assessment = AssessmentFactory.create(status=Status.EXPIRED)
    browser = Browser()

    first = browser.open(link_to(assessment))
    assert "30日が過ぎましたが、いまからでも回答できます。" in first.text
    browser.press()
    browser.open(f"/f/{assessment.public_id}/answers/1")
    browser.press(item_1="done")

    assessment.refresh_from_db()
    assert assessment.status == Status.STARTED


def test_a_new_browser_needs_the_mailed_code_once_answers_exist(answered, mailed_code):
    browser = Browser()
    browser.open(link_to(answered))

    code = mailed_code(browser.press)
    assert browser.page.address == f"/f/{answered.public_id}/code"
    assert "y***@" in browser.page.text
    wrong = browser.press(code="000000" if code != "000000" else "000001")
    assert "確認コードが違います" in wrong.text
    overview = browser.press(code=f" {wide(code[:3])} {wide(code[3:])}")

    assert overview.address == f"/f/{answered.public_id}/"
    assert "全25問中 25問に回答済み。" in overview.text


def test_a_second_click_on_start_waits_for_the_same_code(answered, mailed_code):
    browser = Browser()
    first = browser.open(link_to(answered))
    mailed_code(browser.press)

    browser.page = first
    again = browser.press()

    assert again.address == f"/f/{answered.public_id}/code"
    assert len(mail.outbox) == 1


def test_a_new_code_is_refused_within_a_minute_and_the_page_stays(answered, mailed_code):
    browser = Browser()
    browser.open(link_to(answered))
    mailed_code(browser.press)

    page = browser.press("resend")

    assert page.status == 429
    assert "コードを送ったばかりです" in page.text
    assert "code" in page.names


def test_several_requests_are_open_in_one_browser(assessment, browser):
    other = AssessmentFactory.create()
    browser.open(link_to(other))
    browser.press()

    assert browser.open(f"/f/{other.public_id}/").status == 200
    assert browser.page.address == f"/f/{other.public_id}/"
    assert browser.open(f"/f/{assessment.public_id}/").address == f"/f/{assessment.public_id}/"


def test_answering_begins_with_two_clicks_and_a_choice(assessment, link):
    browser = Browser()

    browser.open(link)
    overview = browser.press()
    first = next(address for address in overview.links if "answers/1" in address)
    browser.open(first)
    browser.press(item_1="done")

    assert Answer.objects.get().number == 1
