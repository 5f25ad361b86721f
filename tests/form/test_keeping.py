"""Nothing typed is ever lost: it is stored, or the page comes back with it."""

import pytest

from assessments.models import Answer
from tests.factories import AssessmentFactory
from tests.form.conftest import TYPED, assert_typed, come_in

pytestmark = pytest.mark.django_db


def test_a_page_shows_what_was_stored(browser, at):
    browser.open(at("answers/1"))
    browser.press(**TYPED)

    page = browser.open(at("answers/1"))

    assert_typed(page)
    assert page.value("item_2") == page.value("item_5") == ""


def test_a_note_without_an_answer_is_kept_and_counts_as_open(browser, at):
    browser.open(at("answers/1"))
    browser.press("pause", comment_4="あとで聞く")

    assert "全25問中 0問に回答済み。" in browser.page.text
    assert browser.open(at("answers/1")).value("comment_4") == "あとで聞く"


def test_an_over_long_note_comes_back_whole_and_the_rest_is_stored(browser, at):
    browser.open(at("answers/1"))

    page = browser.press(item_1="done", item_2="partly", comment_2="あ" * 501)

    assert page.status == 200
    assert page.title.startswith("エラー:")
    assert page.faults() == ["#comment_2"]
    assert "質問2の補足は500文字以内で入力してください" in page.text
    assert page.value("comment_2") == "あ" * 501
    assert page.value("item_2") == "partly"
    assert list(Answer.objects.values_list("number", "value")) == [(1, "done")]
    assert browser.press(comment_2="あ" * 500).address == at("answers/2")
    assert Answer.objects.get(number=2).comment == "あ" * 500


def test_a_wrong_value_is_refused_and_the_other_input_stays(browser, at):
    browser.open(at("answers/1"))

    page = browser.press(item_1="excellent", comment_1="本文", item_2="done")

    assert page.status == 400
    assert page.faults() == ["#item_1_1"]
    assert page.value("comment_1") == "本文"
    assert page.value("item_2") == "done"
    assert not Answer.objects.filter(number=1).exists()


def test_the_other_language_keeps_page_and_input(browser, at):
    browser.open(at("answers/1"))
    browser.page.fields |= {name: [value] for name, value in TYPED.items()}

    english = browser.speak("en")

    assert english.address == at("answers/1")
    assert english.language == "en"
    assert_typed(english)
    assert not Answer.objects.exists()
    assert_typed(browser.speak("ja"))
    browser.speak("en")
    assert browser.press().language == "en"
    assert Answer.objects.get(number=1).value == "done"


def test_the_person_is_not_asked_for_before_all_is_answered(browser, at):
    assert browser.open(at("submit")).address == at("check")


def test_without_a_profile_the_last_page_leads_to_the_check():
    assessment = AssessmentFactory.create(profile_questionnaire=None)
    browser = come_in(assessment)

    assert "会社の情報" not in browser.page.text
    assert browser.open(f"/f/{assessment.public_id}/company").status == 404
    browser.open(f"/f/{assessment.public_id}/answers/4")
    browser.press(item_25="done")
    assert browser.page.address == f"/f/{assessment.public_id}/certifications"
    assert browser.press().address == f"/f/{assessment.public_id}/check"
