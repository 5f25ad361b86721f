"""The pages one meets when something is different: each is as friendly as those of the main way."""

from datetime import date, timedelta

import pytest

from tests.browser.looking import check_summary, look


def test_who_is_not_the_right_person_says_so(visit, desk):
    visitor, invitation = visit(), desk.invite()

    visitor.open(invitation.link)
    visitor.press("decline")
    look(visitor, "decline")
    visitor.press("send notice")
    check_summary(visitor)
    look(visitor, "decline-error", faulty=True)
    visitor.page.locator("[name=reason][value=wrong_person]").check()
    visitor.press("send notice")
    look(visitor, "declined")

    assert desk.call("GET", invitation.request)["status"] == "declined"
    assert visitor.open(invitation.link) == 404
    look(visitor, "not-found")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_who_needs_more_time_takes_it_without_scripts(visit, desk, language):
    visitor = visit(language=language, scripts=False)
    invitation = desk.invite(language)
    due_on = desk.call("GET", invitation.request)["due_on"]

    visitor.start(invitation.link)
    visitor.press("more time")
    look(visitor, "extension")
    visitor.write(due_on="来週")
    visitor.press("take day")
    look(visitor, "extension-error", faulty=True)
    later = date.fromisoformat(due_on) + timedelta(days=3)
    visitor.write(due_on=later.isoformat())
    visitor.press("take day")
    look(visitor, "extension-taken")

    assert desk.call("GET", invitation.request)["due_on"] == later.isoformat()


def test_who_was_inside_when_the_request_was_taken_back_is_told(visit, desk):
    visitor, invitation = visit(language="en", width=1280), desk.invite("en")
    visitor.start(invitation.link)
    visitor.open_first_page()
    visitor.choose(1, "done")

    desk.call("POST", f"{invitation.request}cancel/", {})
    visitor.press("next")

    look(visitor, "ended")
    visitor.reads("There is nothing left to do.")


def test_a_colleague_who_is_late_learns_that_it_was_handed_in(visit, desk):
    invitation = desk.invite()
    late, quick = visit(), visit()
    late.start(invitation.link)
    late.open_first_page()
    base = quick.start(invitation.link)
    quick.answer_everything(base)
    quick.sign()
    quick.press("submit")

    late.choose(1, "partly")
    late.press("next")

    look(late, "too-late")
    late.press("receipt")
    late.is_at("/receipt")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_another_device_comes_in_with_a_code_and_finds_the_gap(visit, desk, language):
    invitation = desk.invite(language)
    first = visit(language=language)
    base = first.start(invitation.link)
    first.open(f"{base}answers/1")
    first.choose_all("done")
    first.press("pause")
    look(first, "overview-paused")
    other = visit(language=language, width=1280)

    other.open(invitation.link)
    look(other, "start-again")
    other.press("go on")
    look(other, "code")
    other.write(code="12")
    other.press("continue")
    check_summary(other)
    look(other, "code-error", faulty=True)
    other.write(code=desk.code_for(invitation))
    other.key("Enter")
    other.is_at(base)
    other.page.locator("main .buttons .button").click()

    other.is_at("/answers/2")
    other.expect_focus("item_6_1")
