"""Somebody else takes over, or wants no more mails: both pages are reached, read and used."""

import pytest

from tests.browser.looking import check_summary, look
from tests.browser.serving import link_in


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_colleague_takes_over_and_goes_on(visit, desk, language):
    old = visit(language=language, scripts=language == "en")
    new = visit(language=language, width=1280)
    invitation = desk.invite(language)
    colleague = invitation.address.replace("@", "+colleague@")
    base = old.start(invitation.link)
    old.open_first_page()
    old.choose_all("partly")
    old.press("pause")

    old.press("hand over")
    look(old, "handover")
    old.press("hand over to")
    check_summary(old)
    look(old, "handover-error", faulty=True)
    old.write(name="鈴木花子", email=colleague, department="総務部")
    old.press("hand over to")
    look(old, "handover-code")
    old.write(code=desk.code_for(invitation))
    old.press("hand over to")
    look(old, "handed-over")
    old.is_at("/handed-over")

    assert old.open(f"{base}answers/1") == 410
    old.reads("担当が替わりました" if language == "ja" else "Another person is in charge")
    assert old.open(invitation.link) == 410
    desk.service.sweep()
    new.open(link_in(desk.mail_to(colleague)))
    look(new, "start-of-the-new-person")
    assert desk.call("GET", invitation.request)["progress"]["answered"] == 5


@pytest.mark.parametrize("language", ["ja", "en"])
def test_who_wants_no_more_mails_says_so_from_the_first_page(visit, desk, language):
    visitor, invitation = visit(language=language), desk.invite(language)

    visitor.open(invitation.link)
    visitor.press("stop mails")
    look(visitor, "opt-out")
    visitor.press("stop")
    look(visitor, "opted-out")

    assert visitor.open(invitation.link) == 200
    visitor.start(invitation.link)
    visitor.press("stop mails")
    visitor.reads("お送りしません" if language == "ja" else "No more mails")
