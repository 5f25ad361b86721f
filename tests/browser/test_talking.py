"""From the first page to an agreement, on a phone without scripts and on a screen with them."""

import pytest

from tests.browser.looking import check_summary, look

OTHER = {
    "measure": "入退室の記録を付けます。機器は当社が用意します。",
    "cost_estimate_yen": 300000,
    "bearer": "shared",
    "share_percent": 50,
}


@pytest.mark.parametrize(("language", "width", "scripts"), [("ja", 320, False), ("en", 1280, True)])
def test_a_supplier_talks_from_the_first_page_to_an_agreement(
    visit, desk, language, width, scripts
):
    visitor = visit(language=language, width=width, scripts=scripts)
    invitation = desk.invite(language)

    visitor.open(invitation.link)
    visitor.press("talk")
    look(visitor, "consultations-empty")
    visitor.press("new talks")
    look(visitor, "open-consultation")
    _say(visitor)
    _propose(visitor)
    _propose_back(desk, invitation)
    visitor.open(visitor.page.url)
    look(visitor, "consultation-proposed")
    _agree(visitor)
    look(visitor, "consultation-agreed")
    assert desk.call("GET", invitation.request)["status"] == "invited"


def _say(visitor):
    visitor.write(text="費用の見込みが立ちません。\nまずはご相談させてください。")
    visitor.press("send")
    if visitor.scripts:
        check_summary(visitor)
    look(visitor, "open-consultation-error", faulty=True)
    visitor.page.locator("[name=topics][value=cost]").check()
    visitor.press("send")
    look(visitor, "consultation")


def _propose(visitor):
    visitor.press("make proposal")
    look(visitor, "proposal")
    visitor.write(measure="鍵付きの棚を置きます。", cost_estimate_yen="30万円", share_percent="50")
    visitor.press("propose")
    look(visitor, "proposal-error", faulty=True)
    visitor.page.locator("[name=bearer][value=shared]").check()
    visitor.press("propose")


def _propose_back(desk, invitation):
    """A person of the contractor proposes something else."""
    thread = desk.call("GET", f"{invitation.request}consultation/")
    address = f"{invitation.request}consultations/{thread['id']}/proposals/"
    assert desk.call("POST", address, OTHER)["proposals"]


def _agree(visitor):
    visitor.press("answer proposal")
    look(visitor, "proposal-answer")
    visitor.page.locator("[name=decision][value=refuse]").check()
    visitor.press("send answer")
    look(visitor, "proposal-answer-error", faulty=True)
    visitor.page.locator("[name=decision][value=agree]").check()
    visitor.press("send answer")
