"""What holds on every page, however it was reached. `look` asks it all, at both widths."""

import re
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.visiting import Visitor

WIDTHS = (320, 1280)
SERVICE = "Tasuki"
ERROR = {"ja": "エラー:", "en": "Error:"}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": STANDARDS},
    "resultTypes": ["violations", "incomplete"],
}
AXE = """async options => {
  const {violations, incomplete} = await axe.run(document, options);
  return {violations, incomplete};
}"""
FACTS = """() => {
  const seen = each => each.checkVisibility() && !each.closest('.unseen');
  const label = each => each.matches('[type=radio], [type=checkbox]') && each.labels[0];
  const box = each => {
    const own = each.getBoundingClientRect();
    if (!label(each)) return own;
    const more = label(each).getBoundingClientRect();
    return new DOMRect(Math.min(own.x, more.x), Math.min(own.y, more.y),
      Math.max(own.right, more.right) - Math.min(own.x, more.x),
      Math.max(own.bottom, more.bottom) - Math.min(own.y, more.y));
  };
  const inSentence = each => each.matches('a') && getComputedStyle(each).display === 'inline'
    && each.parentElement.textContent.trim() !== each.textContent.trim();
  const targets = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(each => seen(each) && !inSentence(each) && !each.matches('.skip'));
  return {
    title: document.title,
    lang: document.documentElement.lang,
    headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(
      each => [Number(each.tagName[1]), each.textContent.trim()]),
    wide: document.documentElement.scrollWidth - window.innerWidth,
    small: targets.filter(each => box(each).width < 44 || box(each).height < 44)
      .map(each => each.outerHTML.slice(0, 120)),
    clipped: [...document.querySelectorAll('body *')].filter(each => seen(each)
      && !each.matches('option, textarea, input')
      && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0
      && getComputedStyle(each).overflowX !== 'visible').map(each => each.outerHTML.slice(0, 120)),
    inline: [...document.querySelectorAll('[style], style, script:not([src])')]
      .map(each => each.outerHTML.slice(0, 120)),
    nameless: [...document.querySelectorAll('[id]')].map(each => each.id)
      .filter((id, place, all) => all.indexOf(id) !== place),
  };
}"""
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets.push(sheet);
}"""
LARGE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('html { font-size: 200% !important; }');
  document.adoptedStyleSheets.push(sheet);
}"""
AS_IT_WAS = "() => { document.adoptedStyleSheets.pop(); }"


def look(visitor: Visitor, name: str, *, faulty: bool = False) -> None:
    """Every rule for every page, at 320 and 1280 pixels; its pictures are named `name`."""
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": visitor.size["height"]})
        facts = visitor.tell(FACTS)
        _check_words(visitor, facts, name, faulty=faulty)
        _check_shape(facts, f"{name} at {width}")
        visitor.picture(f"{width}-{name}")
        if visitor.scripts:
            _check_axe(visitor, f"{name} at {width}")
        if width == WIDTHS[0]:
            check_focus(visitor)
    for width, change in ((320, SPACED), (640, LARGE)):
        visitor.page.set_viewport_size({"width": width, "height": 640})
        visitor.tell(change)
        facts = visitor.tell(FACTS)
        visitor.tell(AS_IT_WAS)
        assert facts["wide"] <= 0, f"{name} scrolls sideways with {change}"
        assert facts["clipped"] == [], f"{name} loses text with {change}"
    visitor.page.set_viewport_size(visitor.size)
    check_manners(visitor)


def check_manners(visitor: Visitor) -> None:
    """No other host is asked for anything, no link leaks, and nothing breaks the policy."""
    home = urlsplit(visitor.home).netloc
    hosts = {urlsplit(each.url).netloc for each in visitor.requests} - {""}
    assert hosts <= {home}, hosts
    assert visitor.complaints == []


def check_summary(visitor: Visitor) -> None:
    """What is wrong stands above, has the focus, says the same as below, and leads there."""
    visitor.expect_focus("faults")
    links = visitor.page.locator("#faults a").all()
    assert links
    for link in links:
        link.click()
        told, anchor = link.text_content(), (link.get_attribute("href") or "")[1:]
        visitor.expect_focus(anchor)
        assert visitor.tell(BESIDE) == told


BESIDE = """() => document.activeElement.closest('.wrong')
  .querySelector('.said').textContent"""


def check_focus(visitor: Visitor) -> int:
    """Walk through the page with the Tab key alone; returns how many stops it has."""
    visitor.tell("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    stops: list[str] = []
    while True:
        visitor.page.keyboard.press("Tab")
        stop = visitor.tell(STOP)
        if stop is None or stop["where"] in stops:
            return len(stops)
        assert stop["outline"] >= 2, stop
        assert stop["visible"], stop
        stops.append(stop["where"])


STOP = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const style = getComputedStyle(each), box = each.getBoundingClientRect();
  const over = document.elementFromPoint(box.x + box.width / 2,
    Math.min(Math.max(box.y + box.height / 2, 1), innerHeight - 1));
  return {
    where: each.outerHTML.slice(0, 160),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    visible: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.left >= 0
      && (over === each || each.contains(over) || over?.contains(each)),
  };
}"""


def _check_words(visitor: Visitor, facts: dict[str, Any], name: str, *, faulty: bool) -> None:
    title = facts["title"]
    assert facts["lang"] == visitor.language, name
    assert title.endswith(f" - {SERVICE}"), title
    assert title.startswith(ERROR[visitor.language]) == faulty, title
    bare = title.removeprefix(ERROR[visitor.language]).strip()
    place = urlsplit(visitor.page.url).path
    others = {where for where, told in visitor.titles.items() if told == bare} - {place}
    assert not others, f"{name} has the title of {others}"
    visitor.titles[place] = bare


def _check_shape(facts: dict[str, Any], name: str) -> None:
    levels = [level for level, _text in facts["headings"]]
    assert levels.count(1) == 1, f"{name}: {facts['headings']}"
    assert all(after <= before + 1 for before, after in pairwise(levels)), f"{name}: {levels}"
    assert facts["wide"] <= 0, f"{name} scrolls sideways by {facts['wide']} pixels"
    for fault in ("small", "clipped", "inline", "nameless"):
        assert facts[fault] == [], f"{name}: {fault} {facts[fault]}"


def _check_axe(visitor: Visitor, name: str) -> None:
    if visitor.tell("typeof axe") == "undefined":  # once a page, and a page has two widths
        visitor.tell(AXE_SCRIPT)
    found = visitor.tell(AXE, OPTIONS)
    told = [
        (kind, rule["id"], node["target"], _why(node))
        for kind in ("violations", "incomplete")
        for rule in found[kind]
        for node in rule["nodes"]
    ]
    assert told == [], f"{name}: {told[:5]}"


def _why(node: dict[str, Any]) -> str:
    checks = node["any"] + node["all"] + node["none"]
    return re.sub(r"\s+", " ", "; ".join(check["message"] for check in checks))
