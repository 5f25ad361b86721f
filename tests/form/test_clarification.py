"""What was asked back is replied to on one page, and the answers are handed in again."""

import pytest

from assessments.models import Clarification, Status
from tests.factories import AnsweredFactory
from tests.form.browsing import Browser
from tests.form.conftest import ask_back, inside, link_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned():
    assessment = AnsweredFactory.create()
    ask_back(assessment)
    return assessment


@pytest.fixture
def page(returned):
    browser = inside(returned)
    return browser.open(f"/f/{returned.public_id}/clarification")


def replies():
    return dict(Clarification.objects.order_by("number").values_list("number", "reply"))


def test_the_link_leads_to_the_questions_first(returned):
    browser = inside(returned)
    browser.open(link_to(returned))

    browser.press()

    assert browser.page.address.endswith("/clarification")


def test_only_what_is_asked_about_stands_there(page):
    assert page.text.count("どのパソコンが対象ですか。") == 2
    assert "急ぎません。" in page.text
    assert {"reply_3", "reply_5"} <= set(page.ids)
    assert "reply_4" not in page.ids


def test_replies_are_kept_by_one_button_and_handed_in_again(returned):
    browser = inside(returned)
    browser.open(f"/f/{returned.public_id}/clarification")

    browser.press(reply_3="全部のパソコンです。", reply_5="来月からです。")

    assert replies() == {3: "全部のパソコンです。", 5: "来月からです。"}
    assert browser.page.address.endswith("/check")
    browser.press()
    browser.press(name="山田", title="代表", email="yamada@yamada.example", confirmed="yes")
    assert browser.page.address.endswith("/receipt")
    returned.refresh_from_db()
    assert (returned.status, returned.submissions.count()) == (Status.SUBMITTED, 2)


def test_a_reply_that_is_too_long_stands_again_and_the_other_is_kept(returned):
    browser = inside(returned)
    browser.open(f"/f/{returned.public_id}/clarification")

    browser.press(reply_3="あ" * 2001, reply_5="来月からです。")

    assert replies() == {3: "", 5: "来月からです。"}
    assert browser.page.value("reply_3") == "あ" * 2001
    assert "#reply_3" in browser.page.links


def test_the_button_to_an_answer_keeps_what_was_typed(returned):
    browser = inside(returned)
    browser.open(f"/f/{returned.public_id}/clarification")

    browser.press("change_3", reply_3="直します。")

    assert replies()[3] == "直します。"
    assert "/answers/1" in browser.page.address


def test_a_browser_that_is_not_in_sees_no_question(returned):
    browser = Browser()

    browser.open(f"/f/{returned.public_id}/clarification")

    assert browser.page.address.endswith("/code")
    assert "どのパソコン" not in browser.page.text


def test_without_questions_the_page_leads_to_the_overview():
    assessment = AnsweredFactory.create()
    ask_back(assessment, items=())
    browser = inside(assessment)

    browser.open(f"/f/{assessment.public_id}/clarification")

    assert "急ぎません。" in browser.page.text
    assert browser.page.address == f"/f/{assessment.public_id}/"


def test_what_was_returned_cannot_be_declined(returned):
    link = link_to(returned)
    browser = Browser()

    browser.open(link)
    assert not [each for each in browser.page.links if each.endswith("/decline")]
    browser.open(f"{link}/decline")

    assert browser.page.address == link
