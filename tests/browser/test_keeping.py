"""Nothing typed is ever lost: not by a lost session, another browser, or a second click."""

from tests.browser.looking import look

NOTE = "図面の置き場所だけ、まだです。"


def test_a_page_opened_by_a_machine_changes_nothing(visit, desk):
    machine, invitation = visit(), desk.invite()

    for _ in range(3):
        machine.open(invitation.link)
        machine.page.wait_for_timeout(1000)
    machine.open(f"{invitation.link}/decline")
    machine.page.wait_for_timeout(1000)

    asked = desk.call("GET", invitation.request)
    assert (asked["status"], asked["started_at"]) == ("invited", None)
    assert "session" not in {cookie["name"] for cookie in machine.context.cookies()}
    person = visit()
    person.start(invitation.link)  # and a person still comes straight in
    person.is_at("/")


def test_all_cookies_lost_on_the_way_lose_no_input(visit, desk):
    visitor, invitation = visit(), desk.invite()
    base = visitor.start(invitation.link)
    visitor.open(f"{base}answers/1")
    visitor.choose_all("done")
    visitor.press("next")
    visitor.choose_all("partly")
    visitor.unfold()
    visitor.write(comment_7=NOTE)
    before = visitor.filled()
    visitor.context.clear_cookies()

    visitor.press("next")
    visitor.reads("もう一度")
    assert visitor.filled() == before
    visitor.press("next")
    visitor.reads("確認コードを送りました")
    assert visitor.filled() == before
    visitor.expect_focus("code")
    visitor.write(code=desk.code_for(invitation))
    visitor.key("Enter")

    visitor.is_at("/answers/3")
    visitor.open(f"{base}answers/2")
    assert visitor.filled() == before


def test_a_session_lost_before_handing_in_loses_no_input(visit, desk):
    visitor, invitation = visit(), desk.invite()
    base = visitor.start(invitation.link)
    visitor.answer_everything(base)
    visitor.sign()
    before = visitor.filled()
    visitor.context.clear_cookies(name="session")

    visitor.press("submit")
    assert visitor.filled() == before
    visitor.write(code=desk.code_for(invitation))
    visitor.press("submit")

    visitor.is_at("/receipt")
    assert desk.call("GET", invitation.request)["status"] == "accepted"


def test_the_second_browser_chooses_which_answer_to_keep(visit, desk):
    invitation = desk.invite()
    first, second = visit(), visit()
    for each in (first, second):
        each.start(invitation.link)
        each.open_first_page()
    first.choose(1, "done")
    first.choose(2, "done")
    first.press("pause")

    second.choose(1, "not_done")
    second.choose(3, "partly")
    second.press("next")

    second.expect_focus("faults")
    look(second, "clash", faulty=True)
    second.page.locator("#faults a").click()
    second.expect_focus("keep_1_stored")
    second.page.locator("#keep_1_given").check()
    second.press("next")
    second.is_at("/answers/2")
    first.open_first_page()
    chosen = {name: value for name, value in first.filled().items() if "item" in name}
    assert chosen == {"item_1": "not_done", "item_2": "done", "item_3": "partly"}


def test_another_language_keeps_what_was_chosen(visit, desk):
    visitor, invitation = visit(), desk.invite()
    visitor.start(invitation.link)
    visitor.open_first_page()
    visitor.choose(4, "unknown")
    visitor.unfold()
    visitor.write(comment_4=NOTE)
    before = visitor.filled()

    visitor.press("other language")

    assert visitor.tell("document.documentElement.lang") == "en"
    assert visitor.filled() == before


def test_a_second_click_and_the_way_back_hand_in_once(visit, desk):
    visitor, invitation = visit(), desk.invite()
    base = visitor.start(invitation.link)
    visitor.answer_everything(base)
    visitor.sign()

    visitor.page.get_by_role("button", name=visitor.word("submit")).dblclick()
    visitor.is_at("/receipt")
    receipt = visitor.page.locator(".receipt").text_content()
    visitor.page.go_back()
    visitor.is_at("/receipt")
    assert visitor.page.locator(".receipt").text_content() == receipt
    visitor.page.go_back()
    visitor.is_at("/receipt")

    [submission] = desk.call("GET", f"{invitation.request}submissions/")["results"]
    assert submission["receipt"] in receipt
    desk.service.sweep()
    receipts = [mail for mail in desk.mails_to(invitation.address) if receipt_in(mail, submission)]
    assert len(receipts) == 1


def receipt_in(mail, submission):
    return submission["receipt"] in mail.get_content()
