"""A supplier takes more time: from the link or from within, once, and the page states the day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import extending
from assessments.models import Consultation, Entry, Occasion, Status
from contractors.actors import SYSTEM
from events.models import Event
from suppliers import days
from tests.factories import AnsweredFactory, AssessmentFactory
from tests.form.browsing import Browser
from tests.form.conftest import come_in, link_to

pytestmark = pytest.mark.django_db


def soon(count):
    return days.in_japan(timezone.now()) + timedelta(days=count)


@pytest.fixture
def assessment():
    return AssessmentFactory.create(due_on=soon(5))


def wish():
    return Consultation.objects.get(kind="extension")


@pytest.fixture(params=["link", "within"])
def page(request, assessment):
    """A browser at the page, on either way to it."""
    browser = come_in(assessment) if request.param == "within" else Browser()
    if request.param == "link":
        browser.open(link_to(assessment))
    [way] = [link for link in browser.page.links if link.endswith("/extension")]
    browser.open(way)
    return browser


def due(assessment):
    assessment.refresh_from_db()
    return assessment.due_on


def test_a_day_is_taken_and_stated(page, assessment):
    page.press(due_on=soon(12).isoformat())

    assert due(assessment) == soon(12)
    assert f"{soon(12).month}月{soon(12).day}日" in page.page.text
    assert Occasion.objects.get().kind == Occasion.Kind.EXTENDED
    assert assessment.status == Status.INVITED


@pytest.mark.parametrize("said", ["{:%Y/%m/%d}", "{:%Y年%m月%d日}", "{:%Y%m%d}"])
def test_a_day_is_written_as_people_write_it(page, assessment, said):
    page.press(due_on=said.format(soon(19)))

    assert due(assessment) == soon(19)


@pytest.mark.parametrize("said", ["", "来週", "2026-02-30", "9" * 100, "2099-12-31", "\x00"])
def test_what_is_no_possible_day_comes_back_as_it_was_typed(page, assessment, said):
    page.press(due_on=said)

    assert page.page.faults() == ["#id_due_on"]
    assert page.page.title.startswith("エラー")
    assert page.page.value("due_on") == said
    assert due(assessment) == soon(5)


@pytest.mark.parametrize("count", [0, 5, 20])
def test_a_day_too_early_or_too_late_is_refused(page, assessment, count):
    page.press(due_on=soon(count).isoformat())

    assert page.page.faults() == ["#id_due_on"]
    assert due(assessment) == soon(5)


def test_a_second_click_changes_nothing(page, assessment):
    fields = page.page.fields | {"due_on": [soon(9).isoformat()]}

    page.send(fields)
    page.send(fields)

    assert page.page.faults() == []
    assert Event.objects.filter(kind="assessment.extended").count() == 1
    assert "この日までの延長をお願いする" in page.page.text


def test_a_stale_page_of_another_browser_takes_no_second_time(assessment):
    first, second = come_in(assessment), come_in(assessment)
    for browser in (first, second):
        browser.open(f"/f/{assessment.public_id}/extension")
    first.press(due_on=soon(9).isoformat())

    second.press(due_on=soon(12).isoformat())

    assert second.page.faults() == ["#id_due_on"]
    assert second.page.value("due_on") == soon(12).isoformat()
    assert due(assessment) == soon(9)
    second.press(text="部品の納期と重なりました。")
    assert wish().wanted_on == soon(12)


def test_a_day_that_the_contractor_moved_meanwhile_holds(page, assessment):
    extending.extend(assessment, due_on=soon(30), reason="", actor=SYSTEM, now=timezone.now())

    page.press(due_on=soon(12).isoformat())

    assert page.page.faults() == ["#id_due_on"]
    assert due(assessment) == soon(30)


def test_after_the_due_day_the_page_explains_that_answers_are_still_taken(db):
    late = AssessmentFactory.create(due_on=soon(-1))

    page = Browser().open(link_to(late) + "/extension")

    assert "今までどおり回答できます" in page.text
    assert late.contractor.phone in page.text
    assert "この日までの延長をお願いする" in page.text


def test_a_second_time_is_asked_of_the_contractor(page, assessment):
    page.press(due_on=soon(9).isoformat())
    fields = page.page.fields | {"due_on": [soon(30).isoformat()], "text": ["棚卸しと重なります。"]}

    for _ in range(2):
        page.send(fields)

    assert due(assessment) == soon(9)
    assert (wish().wanted_on, wish().messages.get().text) == (soon(30), "棚卸しと重なります。")
    assert f"{soon(30).month}月{soon(30).day}日" in page.page.text
    assert "text" not in page.page.names
    assert "棚卸し" not in page.page.text


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"text": "納期と重なります。"}, ["#id_due_on"]),
        ({"due_on": "2099-12-31"}, ["#id_text"]),
        ({"due_on": "来年", "text": "長" * 2001}, ["#id_due_on", "#id_text"]),
        ({"due_on": "2020-01-01", "text": "納期と重なります。"}, ["#id_due_on"]),
    ],
)
def test_a_wish_without_a_day_or_a_reason_comes_back(typed, faults):
    late = AssessmentFactory.create(due_on=soon(-1))
    browser = Browser()
    browser.open(link_to(late) + "/extension")

    browser.press(**typed)

    assert browser.page.faults() == faults
    for name, text in typed.items():
        assert browser.page.value(name) == text
    assert not Consultation.objects.exists()


def test_another_wish_beside_an_open_one_is_kept_on_the_page():
    late = AssessmentFactory.create(due_on=soon(-1))
    first, second = Browser(), Browser()
    for browser in (first, second):
        browser.open(link_to(late) + "/extension")
    first.press(due_on=soon(9).isoformat(), text="納期と重なります。")

    second.press(due_on=soon(12).isoformat(), text="担当が休んでいます。")

    assert second.page.faults() == ["#id_due_on"]
    assert second.page.value("text") == "担当が休んでいます。"
    assert Consultation.objects.count() == 1


def test_a_later_day_of_the_contractor_is_the_answer_to_a_wish():
    late = AssessmentFactory.create(due_on=soon(-1))
    browser = Browser()
    browser.open(link_to(late) + "/extension")
    browser.press(due_on=soon(20).isoformat(), text="納期と重なります。")

    extending.extend(late, due_on=soon(15), reason="", actor=SYSTEM, now=timezone.now())

    assert Consultation.objects.get().state == "closed"
    assert due(late) == soon(15)


def test_a_new_browser_within_needs_a_code_and_loses_nothing(
    db, django_capture_on_commit_callbacks
):
    answered = AnsweredFactory.create(due_on=soon(5))
    browser = Browser()
    browser.open(link_to(answered))
    browser.page.address = f"/f/{answered.public_id}/extension"

    browser.press(due_on=soon(7).isoformat())

    assert browser.page.value("due_on") == soon(7).isoformat()
    assert Entry.objects.filter(confirmed_at=None).count() == 1
    assert due(answered) == soon(5)


def test_a_lost_session_and_another_language_keep_what_was_typed(page, assessment):
    page.page.fields["due_on"] = ["来週のどこか"]

    page.speak("en")

    assert page.page.value("due_on") == "来週のどこか"
    assert page.page.language == "en"


def test_what_was_handed_in_is_not_extended(assessment):
    browser = come_in(assessment)
    browser.open(f"/f/{assessment.public_id}/extension")
    type(assessment).objects.update(status=Status.STARTED, started_at=timezone.now())
    type(assessment).objects.update(status=Status.SUBMITTED, submitted_at=timezone.now())

    browser.press(due_on=soon(9).isoformat())

    assert browser.page.status == 409
    assert due(assessment) == soon(5)
