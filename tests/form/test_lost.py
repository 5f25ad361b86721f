"""A lost session or token costs a sentence or a code, never a word that was typed."""

from datetime import timedelta

import pytest
from django.core import mail

from assessments.models import Answer, Status
from tests.form.browsing import Browser
from tests.form.conftest import TYPED, assert_typed, inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost_csrf(browser, at):
    """The page came without its token: a new secret in the cookie, an old one in the page."""

    def lost_csrf(name, **changes):
        browser.open(at(name))
        browser.page.fields["csrfmiddlewaretoken"] = ["x" * 64]
        return browser.press(**changes)

    return lost_csrf


def test_a_lost_csrf_token_brings_the_questions_back(lost_csrf, browser, at):
    page = lost_csrf("answers/1", **TYPED)

    assert page.status == 403
    assert "接続の有効時間が切れたため、もう一度ボタンを押してください。" in page.text
    assert_typed(page)
    assert not Answer.objects.exists()
    assert browser.press().address == at("answers/2")
    assert Answer.objects.get(number=1).value == "done"


def test_a_lost_csrf_token_brings_the_company_page_back(lost_csrf, browser, at):
    typed = {"item_3": "２か所", "item_6": "山本工業", "item_8": "山田 太郎"}

    page = lost_csrf("company", **typed, item_11=["leak", "stop"])

    assert page.status == 403
    assert_typed(page, typed)
    assert page.fields["item_11"] == ["leak", "stop"]
    assert browser.press(item_3="2").address == at("check")


def test_a_lost_csrf_token_brings_the_responsible_person_back(answered):
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/submit")
    browser.page.fields["csrfmiddlewaretoken"] = ["x" * 64]
    typed = {"name": "山田太郎", "name_kana": "ヤマダ", "title": "代表", "email": "a@b.example"}

    page = browser.press(**typed, confirmed="yes")

    assert page.status == 403
    assert_typed(page, typed | {"confirmed": "yes"})
    assert "エラー" not in page.title
    assert browser.press().address == f"/f/{answered.public_id}/receipt"


def test_a_lost_csrf_token_starts_declines_and_checks_nothing(link, assessment):
    browser = Browser()
    for path in (link, link + "/decline"):
        browser.open(path)
        browser.page.fields["csrfmiddlewaretoken"] = ["x" * 64]
        page = browser.press(reason="no_trade", note="取引は終わりました")
        assert page.status == 403
    assert page.value("note") == "取引は終わりました"
    assert page.value("reason") == "no_trade"
    assessment.refresh_from_db()
    assert assessment.status == Status.INVITED
    assert not assessment.entries.exists()


def test_a_lost_session_asks_for_a_code_and_keeps_the_input(browser, at, mailed_code):
    browser.open(at("answers/1"))
    browser.lose_session()

    code = mailed_code(lambda: browser.press(**TYPED))

    assert browser.page.status == 200
    assert "入力した内容は、この画面に残っています。" in browser.page.text
    assert_typed(browser.page)
    assert not Answer.objects.exists()
    wrong = browser.press(code="12")
    assert wrong.title.startswith("エラー:")
    assert "確認コードが違います" in wrong.text
    assert_typed(wrong)
    assert browser.press(code=code).address == at("answers/2")
    assert Answer.objects.get(number=1).value == "done"
    assert Answer.objects.get(number=4).comment == "選ぶ前の補足"


def test_all_cookies_lost_still_keeps_the_input(browser, at, mailed_code):
    browser.open(at("answers/1"))
    browser.lose_cookies()

    assert_typed(browser.press(**TYPED))
    code = mailed_code(browser.press)
    assert_typed(browser.page)

    assert browser.press(code=code).address == at("answers/2")
    assert Answer.objects.get(number=3).value == "unknown"


def test_a_lost_session_shows_no_stored_answer(answered, mailed_code):
    browser = inside(answered)
    page = browser.open(f"/f/{answered.public_id}/answers/1")
    Answer.objects.filter(number=2).update(comment="内緒の補足", version=7)
    browser.lose_session()

    browser.page = page
    mailed_code(lambda: browser.press(item_1="partly"))

    assert "内緒の補足" not in browser.page.html


def test_a_code_may_be_asked_for_again_without_losing_input(browser, at, mailed_code, assessment):
    browser.open(at("answers/1"))
    browser.lose_session()
    mailed_code(lambda: browser.press(**TYPED))

    page = browser.press("resend")

    assert "コードを送ったばかりです" in page.text
    assert_typed(page)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("name", ["company", "submit"])
def test_a_lost_session_keeps_the_other_pages_too(answered, name, mailed_code):
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/{name}")
    browser.lose_session()
    typed = {
        "company": {"item_3": "3", "item_8": "鈴木"},
        "submit": {"name": "鈴木", "title": "部長", "email": "s@s.example", "confirmed": "yes"},
    }[name]

    code = mailed_code(lambda: browser.press(**typed))
    assert_typed(browser.page, typed)
    page = browser.press(code=code)

    assert page.address == f"/f/{answered.public_id}/{'check' if name == 'company' else 'receipt'}"


def test_a_code_that_is_used_up_can_be_replaced_a_minute_later(answered, mailed_code):
    browser = Browser()
    browser.open(f"/f/{answered.public_id}/")
    assert "確認コードを送る" in browser.page.text
    code = mailed_code(browser.press)
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        browser.press(code=wrong)
    assert "このコードはもう使えません。" in browser.press(code=code).text
    answered.entries.update(opened_at=answered.requested_at - timedelta(minutes=2))

    code = mailed_code(lambda: browser.press("resend"))

    assert browser.press(code=code).address == f"/f/{answered.public_id}/"
