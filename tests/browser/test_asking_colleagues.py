"""A colleague is asked for some answers and gives them back: every page is looked at."""

import pytest

from tests.browser.looking import check_summary, look
from tests.browser.serving import link_in


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_colleague_answers_what_was_chosen(visit, desk, language):
    asker, colleague = visit(language=language, scripts=language == "en"), visit(language=language)
    invitation = desk.invite(language)
    address = invitation.address.replace("@", "+colleague@")
    asker.start(invitation.link)
    ask(asker, address)
    desk.service.sweep()
    link = link_in(desk.mail_to(address))

    answer(colleague, link)

    assert colleague.open(link) == 404
    asker.page.reload()
    asker.reads("回答済み" if language == "ja" else "Answers given back")
    assert desk.call("GET", invitation.request)["progress"]["answered"] == 2


def ask(asker, address):
    """From the overview to the list of who was asked."""
    asker.press("colleagues")
    look(asker, "colleagues-none")
    asker.press("choose colleague")
    look(asker, "ask-colleague")
    asker.press("see mail")
    check_summary(asker)
    look(asker, "ask-colleague-error", faulty=True)
    asker.write(name="鈴木花子", email=address, text="倉庫のことをお願いします。")
    for number in (3, 6):
        asker.page.locator(f"#id_question_{number}").check()
    asker.press("see mail")
    look(asker, "ask-colleague-mail")
    asker.press("send mail")
    look(asker, "colleagues-asked")


def answer(colleague, link):
    """From the link to the end, with a look at the page of who cannot answer."""
    colleague.open(link)
    look(colleague, "colleague-start")
    colleague.press("see questions")
    look(colleague, "colleague-questions")
    colleague.choose_all("partly")
    colleague.press("pause")
    colleague.reads("保存しました" if colleague.language == "ja" else "Saved.")
    colleague.press("cannot answer")
    look(colleague, "colleague-decline")
    colleague.page.go_back()
    colleague.press("answers back")
    colleague.is_at("/given-back")
    look(colleague, "given-back")
