"""Who answers asks the responsible person, who gives back once and then hands in, on a phone."""

import re

import pytest

from tests.browser.looking import check_summary, look
from tests.browser.visiting import RESPONSIBLE


def code_in(desk, address, after):
    text = desk.mail_to(address, after=after).get_content()
    return re.search(r"\b\d{6}\b", text).group()


def link_in(mail):
    return re.search(r"https?://\S+/c/\S+", mail.get_content()).group()


def ask(visitor, base, address):
    visitor.open(f"{base}submit")
    visitor.write(**RESPONSIBLE | {"email": address})
    visitor.press("ask responsible")


def ask_and_take_back(visitor, base, address):
    ask(visitor, base, address)
    visitor.press("take back")
    look(visitor, "overview-taken-back")


def come_in(visitor, desk, address, *, after=0):
    """By the newest letter, and the code that follows it."""
    desk.service.sweep()
    visitor.open(link_in(desk.mail_to(address, after=after)))
    look(visitor, "confirm-start")
    visitor.press("see answers")
    look(visitor, "confirm-code")
    visitor.write(code=code_in(desk, address, after + 1))
    visitor.press("see answers")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_responsible_person_gives_back_and_then_hands_in(visit, desk, language):
    writer = visit(language=language, scripts=language == "en")
    president, again = (visit(language=language, scripts=language == "ja") for _ in range(2))
    invitation = desk.invite(language)
    address = invitation.address.replace("@", "+president@")
    base = writer.start(invitation.link)
    writer.answer_everything(base)

    ask(writer, base, address)
    look(writer, "confirmation")
    writer.open(f"{base}answers/1")
    writer.is_at("/confirmation")
    come_in(president, desk, address)
    look(president, "confirm")
    president.press("submit")
    check_summary(president)
    look(president, "confirm-error", faulty=True)
    president.write(note="質問3は一部です。")
    president.press("give back")
    look(president, "given-back")

    writer.open(base)
    look(writer, "overview-given-back")
    writer.reads("質問3は一部です。")
    ask_and_take_back(writer, base, address)
    ask(writer, base, address)
    come_in(again, desk, address, after=2)
    again.page.locator("[name=confirmed]").check()
    again.press("submit")
    look(again, "confirmed")

    assert desk.call("GET", invitation.request)["status"] == "accepted"
    writer.open(base)
    writer.is_at("/receipt")
