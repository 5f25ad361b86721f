"""Two people at the same request: nothing stored is ever overwritten unseen."""

from datetime import UTC, datetime

import pytest

from assessments import submitting
from assessments.models import Answer, Status
from assessments.submitting import Responsible
from tests.factories import AnsweredFactory
from tests.form.conftest import TYPED, assert_typed, come_in, inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_browsers(assessment, at):
    """Both loaded the first page while it was empty; the first stored its answers."""
    first, second = come_in(assessment), come_in(assessment)
    first.open(at("answers/1"))
    second.open(at("answers/1"))
    first.press(item_1="done", comment_1="先の補足", item_2="done")
    return first, second


def test_two_browsers_on_one_question_the_second_is_asked_which_to_keep(two_browsers):
    page = two_browsers[1].press(
        item_1="partly", comment_1="後の補足", item_2="done", item_3="done"
    )

    assert page.title.startswith("エラー:")
    assert page.faults() == ["#keep_1_stored"]
    assert "「実施している」に変更されました。どちらを残すか選んでください" in page.text
    assert {"先の補足", "後の補足"} <= set(page.text.split())
    assert Answer.objects.get(number=1).value == "done"
    assert Answer.objects.get(number=3).value == "done"


@pytest.mark.parametrize(
    ("kept", "value", "comment"), [("given", "partly", "後の補足"), ("stored", "done", "先の補足")]
)
def test_the_second_browser_keeps_what_it_chooses(two_browsers, at, kept, value, comment):
    second = two_browsers[1]
    second.press(item_1="partly", comment_1="後の補足")

    following = second.press(keep_1=kept)

    answer = Answer.objects.get(number=1)
    assert following.address == at("answers/2")
    assert (answer.value, answer.comment) == (value, comment)


def test_without_a_choice_the_second_browser_is_asked_again(two_browsers):
    second = two_browsers[1]
    second.press(item_1="partly")

    page = second.press()

    assert page.faults() == ["#keep_1_stored"]
    assert Answer.objects.get(number=1).value == "done"


def test_a_third_change_while_choosing_is_asked_about_too(two_browsers, at):
    first, second = two_browsers
    second.press(item_1="partly")
    first.open(at("answers/1"))
    first.press(item_1="not_done")

    page = second.press(keep_1="given")

    assert page.faults() == ["#keep_1_stored"]
    assert "「実施していない」に変更されました" in page.text
    assert Answer.objects.get(number=1).value == "not_done"


def test_the_same_answer_in_two_browsers_is_no_conflict(two_browsers, at):
    page = two_browsers[1].press(item_1="done", comment_1="先の補足", item_2="done")

    assert page.address == at("answers/2")


def test_two_browsers_on_the_company_page_the_second_is_asked(assessment, at):
    first, second = come_in(assessment), come_in(assessment)
    first.open(at("company"))
    second.open(at("company"))
    first.press(item_3="1")

    page = second.press(item_3="2", item_8="鈴木")

    assert page.faults() == ["#keep_stored"]
    assert page.value("item_3") == "2"
    assert "拠点の数" in page.text
    assert second.press(keep="given").address == at("check")
    assessment.refresh_from_db()
    assert assessment.profile["3"] == 2


def test_the_company_page_can_take_what_the_other_stored(assessment, at):
    first, second = come_in(assessment), come_in(assessment)
    first.open(at("company"))
    second.open(at("company"))
    first.press(item_3="1")
    second.press(item_3="2")

    page = second.press(keep="stored")

    assert page.address == at("company")
    assert page.value("item_3") == "1"


@pytest.mark.parametrize(("name", "typed"), [("answers/1", TYPED), ("company", {"item_3": "9"})])
def test_what_was_handed_in_meanwhile_takes_no_change_and_says_so(
    name, typed, django_capture_on_commit_callbacks
):
    answered = AnsweredFactory.create()
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/{name}")
    person = Responsible("山田太郎", "代表", "yamada@yamada.example")
    submitting.submit(answered, responsible=person, now=answered.requested_at)

    page = browser.press(**typed)

    assert page.status == 409
    assert "すでに提出されています" in page.text
    assert "いまの画面の変更は保存していません。" in page.text
    assert Answer.objects.get(number=1).comment == ""


def test_a_gap_that_opened_meanwhile_is_told_and_the_person_stays(answered):
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/submit")
    Answer.objects.filter(number=7).delete()
    typed = {"name": "山田太郎", "title": "代表", "email": "yamada@yamada.example"}

    page = browser.press(**typed, confirmed="yes")

    assert page.faults() == [f"/f/{answered.public_id}/answers/2?from=check#item_7_1"]
    assert_typed(page, typed)
    answered.refresh_from_db()
    assert answered.status == Status.STARTED


def test_a_change_of_another_day_is_told_with_its_day(assessment, at):
    browser = come_in(assessment)
    browser.open(at("answers/1"))
    Answer.objects.create(
        contractor=assessment.contractor,
        assessment=assessment,
        number=1,
        value="done",
        answered_at=datetime(2026, 3, 4, 5, 6, tzinfo=UTC),
    )

    page = browser.press(item_1="partly")

    assert "質問1は3月4日 14:06に「実施している」に変更されました。" in page.text


def test_handing_in_twice_from_two_browsers_shows_one_receipt(answered):
    first, second = inside(answered), inside(answered)
    typed = {"name": "山田太郎", "title": "代表", "email": "yamada@yamada.example"}
    first.open(f"/f/{answered.public_id}/submit")
    second.open(f"/f/{answered.public_id}/submit")

    receipts = [each.press(**typed, confirmed="yes").text for each in (first, second)]

    assert receipts[0] == receipts[1]
