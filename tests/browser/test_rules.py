"""Every rule of `looking` is proven: break the page in one way, and the rule sees it."""

import pytest

from tests.browser.looking import look

STYLED = """style => { const sheet = new CSSStyleSheet(); sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet]; }"""


@pytest.fixture(scope="module")
def link(desk):
    return desk.invite().link


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("document.title = 'お願い'", "お願い"),
        ("document.title = `エラー:${document.title}`", "エラー"),
        ("document.documentElement.lang = 'fr'", "start"),
        ("document.querySelector('h2').outerHTML = '<h1>二つ目</h1>'", "二つ目"),
        ("document.querySelector('h2').outerHTML = '<h4>深すぎる</h4>'", r"\[1, 4"),
        ("document.querySelector('h1').style.color = 'red'", "inline"),
        ("document.querySelectorAll('p').forEach(each => each.id = 'twice')", "nameless"),
        ("document.querySelector('main').innerHTML += '<input type=tel>'", "label"),
    ],
)
def test_a_fault_in_the_page_is_seen(visit, link, fault, told):
    visitor = visit()
    visitor.open(link)

    visitor.tell(f"() => {{ {fault} }}")

    with pytest.raises(AssertionError, match=told):
        look(visitor, "start")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("main p { color: #bbbbbb !important }", "color-contrast"),
        ("main { min-width: 330px }", "scrolls sideways"),
        (".button { min-height: 30px; padding: 0 }", "small"),
        ("main p { white-space: nowrap; overflow: hidden }", "clipped"),
        (":focus-visible { outline: none !important }", "outline"),
        (".foot { position: fixed; top: 0; bottom: 0; width: 100% }", "visible"),
        ("h1 { font-size: 15px; white-space: nowrap }", "sideways with"),
    ],
)
def test_a_fault_in_the_style_is_seen(visit, link, fault, told):
    visitor = visit()
    visitor.open(link)

    visitor.tell(STYLED, fault)

    with pytest.raises(AssertionError, match=told):
        look(visitor, "start")


def test_what_comes_from_another_host_or_breaks_the_policy_is_seen(visit, link):
    visitor = visit()
    visitor.open(link)

    visitor.tell("() => { document.body.innerHTML += '<img alt=\"\" src=//other.example/a.png>' }")

    with pytest.raises(AssertionError, match=r"other\.example|Content Security Policy"):
        look(visitor, "start")
