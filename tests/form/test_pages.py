"""The pages beside the questions: what they ask, say and prefill."""

import re

import pytest

from assessments.models import Answer, Status, Submission
from tests.factories import AssessmentFactory
from tests.form.browsing import Browser
from tests.form.conftest import come_in, inside, wide

pytestmark = pytest.mark.django_db
RESPONSIBLE = {"name": "山田太郎", "title": "代表取締役", "email": "yamada@yamada.example"}


def test_the_check_lists_what_is_unknown_and_shows_no_score(answered):
    Answer.objects.filter(number=9).update(value="unknown", comment="調べています")
    browser = inside(answered)

    page = browser.open(f"/f/{answered.public_id}/check")

    assert "わからない(1)" in page.text
    assert "質問9の回答を変更する" in page.text
    assert "調べています" in page.text
    assert "まだ提出は完了していません。" in page.text
    assert not re.search(r"\d点", page.text)


def test_the_responsible_person_is_asked_for_in_words(answered):
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/submit")

    page = browser.press(name=" ", email="yamada")

    assert page.status == 200
    assert page.faults() == ["#id_name", "#id_title", "#id_email", "#id_confirmed"]
    assert "役職を入力してください" in page.text
    assert "メールアドレスは name@example.co.jp の形で入力してください" in page.text
    assert page.value("email") == "yamada"
    assert not Submission.objects.exists()


def test_a_mail_address_in_full_width_is_taken(answered):
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/submit")

    person = RESPONSIBLE | {"email": wide("yamada@yamada.example")}
    browser.press(**person, confirmed="yes")

    assert Submission.objects.get().responsible.email == "yamada@yamada.example"


def test_declining_tells_the_contractor_and_ends_the_link(assessment, link):
    browser = Browser()
    browser.open(link + "/decline")
    assert browser.press().faults() == ["#id_reason_1"]

    page = browser.press(reason="wrong_person", note="総務の鈴木です")

    assessment.refresh_from_db()
    assert page.address == "/declined"
    assert assessment.status == Status.DECLINED
    assert assessment.closing_note == "総務の鈴木です"
    assert browser.open(link).status == 404


def test_the_company_page_is_filled_from_the_contractors_records(db):
    assessment = AssessmentFactory.create(
        contact__supplier__employees=12, contact__supplier__industry="E"
    )
    browser = come_in(assessment)

    page = browser.open(f"/f/{assessment.public_id}/company")

    assert page.value("item_1") == "6-20"
    assert page.value("item_2") == "E"
    assert "の記録をもとに入れてあります" in page.text


def test_the_company_page_says_what_to_correct_and_keeps_all(browser, at, assessment):
    browser.open(at("company"))

    page = browser.press(
        item_3="たくさん", item_10="12", item_6="山本工業\r\n木村塗装", item_11=["leak", "none"]
    )

    assert page.title.startswith("エラー:")
    assert page.faults() == ["#item_3", "#item_10", "#item_11_1"]
    assert "「拠点の数」は 12 のような数字で入力してください" in page.text
    assert page.value("item_3") == "たくさん"
    assert page.value("item_6") == "山本工業\r\n木村塗装"
    assert page.fields["item_11"] == ["leak", "none"]
    assessment.refresh_from_db()
    assert assessment.profile == {}
