"""A supplier answers from the mail to the receipt, and every page is looked at in every state."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import check_summary, look

TOO_LONG = "あ" * 501


@pytest.mark.parametrize(("language", "width"), [("ja", 320), ("en", 1280)])
def test_a_supplier_answers_from_the_mail_to_the_receipt(visit, desk, language, width):
    visitor, invitation = visit(language=language, width=width), desk.invite(language)

    visitor.open(invitation.link)
    look(visitor, "start")
    visitor.press("start")
    look(visitor, "overview")
    visitor.press("first")
    _answer_pages(visitor)
    _name_certifications(visitor)
    _fill_company(visitor)
    _check_and_fill_the_gap(visitor)
    _hand_in(visitor)

    [submission] = desk.call("GET", f"{invitation.request}submissions/")["results"]
    expect(visitor.page.locator(".receipt")).to_contain_text(submission["receipt"])
    look(visitor, "receipt")
    visitor.press("result")
    look(visitor, "result")
    visitor.open(invitation.link)
    look(visitor, "start-submitted")
    desk.service.sweep()
    assert submission["receipt"] in desk.mail_to(invitation.address, after=1).get_content()


def _answer_pages(visitor):
    """One question of the first page stays open; too long a note is refused and kept."""
    look(visitor, "page-1")
    visitor.choose_all("done")
    visitor.choose(2, "unknown")
    visitor.unfold()
    visitor.write(comment_1=TOO_LONG)
    before = visitor.filled()
    visitor.press("next")
    check_summary(visitor)
    assert visitor.filled() == before
    look(visitor, "page-1-error", faulty=True)
    visitor.write(comment_1="全部のパソコンで、毎月はじめに確かめています。")
    visitor.unfold()
    look(visitor, "page-1-filled", faulty=True)
    visitor.press("next")
    for number in (2, 3, 4):
        visitor.is_at(f"/answers/{number}")
        look(visitor, f"page-{number}")
        visitor.choose_all("partly")
        if number == 3:
            visitor.tell("document.querySelector('[name=item_13]:checked').checked = false")
        visitor.press("next")


def _name_certifications(visitor):
    """A declaration on the page itself, a Privacy Mark that has ended on a page of its own."""
    look(visitor, "certifications")
    visitor.tell("document.querySelector('[name=pmark][value=pmark]').click()")
    visitor.tell("document.querySelector('[name=security_action]').click()")
    visitor.write(declaration_id="４１２３４５６７８９０")
    visitor.press("next")
    visitor.is_at("/certifications/add?of=pmark")
    look(visitor, "certificate")
    visitor.write(valid_until="いつか")
    visitor.press("next")
    check_summary(visitor)
    look(visitor, "certificate-error", faulty=True)
    visitor.write(number="10123456(05)", valid_until="R6.3")
    visitor.press("next")
    visitor.is_at("/certifications?saved=1")
    look(visitor, "certifications-named")
    visitor.press("next")


def _fill_company(visitor):
    look(visitor, "company")
    visitor.choose(7, "part_time")
    visitor.write(item_3="三つ")
    visitor.press("next")
    check_summary(visitor)
    look(visitor, "company-error", faulty=True)
    visitor.write(item_3="３", item_8="山田太郎")
    visitor.choose(11, "leak")
    visitor.press("next")


def _check_and_fill_the_gap(visitor):
    look(visitor, "check-gap")
    visitor.press("responsible")
    visitor.expect_focus("faults")
    look(visitor, "check-error", faulty=True)
    with visitor.page.expect_navigation():
        visitor.page.locator("#faults a").first.click()
    visitor.expect_focus("item_13_1")
    visitor.choose(13, "not_done")
    look(visitor, "page-3-from-check")
    visitor.press("next")
    visitor.is_at("/check")
    look(visitor, "check")
    visitor.press("to overview")
    look(visitor, "overview-filled")
    visitor.press("hand in")
    visitor.press("responsible")


def _hand_in(visitor):
    look(visitor, "submit")
    visitor.press("submit")
    check_summary(visitor)
    look(visitor, "submit-error", faulty=True)
    visitor.sign()
    visitor.press("submit")
    visitor.is_at("/receipt")
