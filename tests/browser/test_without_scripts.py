"""The same journey with scripts off and the keyboard alone. Enter does the page's main action."""

from tests.browser.visiting import RESPONSIBLE


def test_a_supplier_answers_with_the_keyboard_alone(visit, desk):
    visitor, invitation = visit(scripts=False), desk.invite()

    visitor.open(invitation.link)
    _act_on(visitor, "main .button")
    visitor.is_at("/")
    _act_on(visitor, "main .button")
    for number, questions in enumerate((5, 7, 6, 7), start=1):
        visitor.is_at(f"/answers/{number}")
        presses = _answer(visitor, questions)
        assert presses <= 5 * questions + 5
    visitor.is_at("/certifications")
    _act_on(visitor, "main .buttons .button")
    visitor.is_at("/company")
    visitor.tab_to("[name=item_7]")
    visitor.page.keyboard.press("Space")
    visitor.page.keyboard.press("ArrowDown")
    visitor.tab_to("[name=item_8]")
    visitor.page.keyboard.type("山田太郎")
    visitor.key("Enter")
    visitor.is_at("/check")
    _act_on(visitor, "main .button")
    visitor.is_at("/submit")
    for name, text in RESPONSIBLE.items():
        visitor.tab_to(f"[name={name}]")
        visitor.page.keyboard.type(text)
    visitor.tab_to("[name=confirmed]")
    visitor.page.keyboard.press("Space")
    visitor.page.keyboard.press("Shift+Tab")
    visitor.key("Enter")

    visitor.is_at("/receipt")
    asked = desk.call("GET", invitation.request)
    assert (asked["status"], asked["progress"]["answered"]) == ("accepted", 25)


def _act_on(visitor, which):
    visitor.tab_to(which)
    visitor.key("Enter")


def _answer(visitor, questions):
    """Choose the first option of each question of the page and save; returns the presses of Tab."""
    presses = 0
    for _ in range(questions):
        presses += visitor.tab_to("[type=radio]:not(:checked)")
        visitor.page.keyboard.press("Space")
    presses += visitor.tab_to("main .buttons .button")
    visitor.key("Enter")
    return presses
