"""Another supplier asks for talks first: proposals, a no with its reason, an agreement in print."""

import io
from typing import Any

from pypdf import PdfReader

from demo import answering, contracting, sink, story
from demo.browsing import Browser
from demo.failing import expect
from demo.rest import Rest
from demo.staging import Stage

ASSESSMENTS = "/api/v1/assessments/"


def heed(rest: Rest, supplier: str) -> str:
    """What the service warns of before anything is sent, and the person who stands for it."""
    told = story.request()["talks"]
    rest.change(f"/api/v1/suppliers/{supplier}/", {"toriteki": told["toriteki"]})
    body = contracting.wish(supplier)
    body["requirements"] = {**body["requirements"], "cost": told["cost"]}
    before = rest.get(ASSESSMENTS)
    warnings = rest.call("POST", f"{ASSESSMENTS}?dry_run=true", body, most=0).json["warnings"]
    rows = [[each["code"], _yes(each["serious"]), each["detail"]["ja"]] for each in warnings]
    rest.teller.table(["warning", "serious", "what to look at"], rows)
    expect(rest.get(ASSESSMENTS) == before, "A dry run left something behind.")
    serious = [each["code"] for each in warnings if each["serious"]]
    expect(serious == ["cost-under-law"], f"It warns seriously of {serious}.")
    made = rest.call("POST", ASSESSMENTS, body | {"confirmed_warnings": serious}, most=0).json
    names = {each["confirmed_by"]["name"] for each in made["warnings"] if each["serious"]}
    rest.teller.say(f"  {made['number']} is sent all the same: {', '.join(names)} stands for it")
    expect(made["status"] == "invited", f"The request is “{made['status']}”, not “invited”.")
    return str(made["id"])


def open_talks(stage: Stage, address: str) -> Browser:
    """The supplier writes before it answers anything; the contractor's person hears at once."""
    link, browser = answering.read_invitation(stage, address, whole=False), Browser(stage.teller)
    browser.open(link)
    browser.press("talk")
    browser.follow("/consultations/new/talks")
    _send(browser, "consultations/new")
    person = story.request()["profile"]["reply_to"]
    sink.show(stage.teller, answering.mails(stage, person, 1, f"the letter to {person}")[-1])
    return browser


def agree(stage: Stage, rest: Rest, assessment: str, browser: Browser, address: str) -> None:
    """The contractor proposes, the supplier says no and why, proposes more, and a person agrees."""
    asked, request = story.request()["talks"], f"{ASSESSMENTS}{assessment}/"
    [waiting] = rest.get("/api/v1/work-list/")["results"]
    rest.teller.say(f"  on top of the work list: {waiting['kind']}, {waiting['waiting_since']}")
    thread = f"{request}consultations/{rest.get(f'{request}consultation/')['id']}/"
    rest.call("POST", f"{thread}proposals/", asked["proposal"], most=4)
    letter = answering.mails(stage, address, 2, f"the letter that tells {address}")[-1]
    sink.show(stage.teller, letter)
    browser.open(sink.links(letter, stage.base)[0])
    browser.press("talk")
    browser.follow(thread.removeprefix(request).rstrip("/"))
    browser.follow("/proposals/")
    _send(browser, "proposals")
    browser.follow("/propose")
    _send(browser, "propose")
    [theirs] = [each for each in rest.get(thread)["proposals"] if each["state"] == "open"]
    body = {"text": asked["agrees"]}
    agreed = rest.call("POST", f"{thread}proposals/{theirs['id']}/agree/", body, most=0).json
    _tell(rest, agreed)
    browser.open(browser.url)
    _read(rest, thread, agreed, browser)


def _send(browser: Browser, kind: str) -> None:
    """Fill in the page as the file says, and send it."""
    left = {kind: story.talked()[kind]}
    answering.fill(browser, left)
    answering.expect_asked(left)
    browser.press()


def _tell(rest: Rest, thread: dict[str, Any]) -> None:
    """All that was said, in its order."""
    said = [(each["sent_at"], each["side"], each["text"]) for each in thread["messages"]]
    for each in thread["proposals"]:
        share, yen = each["share_percent"], f"{each['cost_estimate_yen']:,}"
        words = f"{each['measure']} {yen}円、発注元が{share}%を負担({each['state']})"
        said.append((each["proposed_at"], each["side"], words))
        if each["explanation"]:
            said.append((each["decided_at"], "supplier", each["explanation"]))
    rest.teller.table(["who", "what"], [[who, text] for _at, who, text in sorted(said)])
    states = [each["state"] for each in thread["proposals"]]
    expect(states == ["refused", "agreed"], f"The proposals are {states}.")
    expect(thread["state"] == "agreed", f"The talks are “{thread['state']}”, not “agreed”.")


def _read(rest: Rest, thread: str, agreed: dict[str, Any], browser: Browser) -> None:
    """The agreement in print, the same for both sides, with what was agreed on in it."""
    printed = rest.call("GET", f"{thread}agreement.pdf", most=0).content
    expect(browser.download("agreement.pdf") == printed, "Both sides have different papers.")
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
    rest.teller.block(text)
    proposal = agreed["proposals"][-1]
    yen, share = f"{proposal['cost_estimate_yen']:,}円", f"発注元 {proposal['share_percent']}%"
    flat = "".join(text.split())
    for words in (story.request()["name"], proposal["measure"], yen, share, agreed["digest"]):
        expect("".join(words.split()) in flat, f"The paper does not say “{words}”.")
    rest.teller.say(f"  {len(printed)} bytes of PDF, read back; the same for both sides")


def _yes(serious: bool) -> str:
    return "yes" if serious else ""
