"""The supplier's part: a mail, a link, pages, a receipt. No account, no script."""

from email.message import EmailMessage
from typing import Final

from demo import sink, story
from demo.browsing import Browser
from demo.failing import expect
from demo.rest import Rest
from demo.staging import Stage

SCANNER: Final = "Mozilla/5.0 (compatible; MailLinkScanner/1.0)"  # opens every link it sees
LONGEST: Final = 12  # pages from the first answer to the receipt; there are eight


def read_invitation(stage: Stage, address: str, *, whole: bool = True) -> str:
    """The link in the mail that asks."""
    [mail] = mails(stage, address, 1, f"the invitation to {address}")
    sink.show(stage.teller, mail, whole=whole)
    links = sink.links(mail, stage.base)
    expect(len(links) == 1, f"The invitation has {len(links)} links of the service, not one.")
    return links[0]


def scan(stage: Stage, rest: Rest, link: str, assessment: str) -> None:
    """What mail scanners do to links, which must change nothing."""
    path, newest = f"/api/v1/assessments/{assessment}/", "/api/v1/events/?page_size=200"
    sent_at = _sent_at(stage, rest, path)
    stage.teller.say(f"  the mail server took the link at {sent_at}")
    before = rest.get(path), rest.get(newest)
    scanner = Browser(stage.teller, agent=SCANNER)
    scanner.open(link, "HEAD")
    scanner.open(link)
    after = rest.get(path), rest.get(newest)
    expect(before == after, "Opening the link changed something before anybody pressed start.")
    stage.teller.say(f"  still “{after[0]['status']}”, no event was added")


def answer(stage: Stage, link: str) -> Browser:
    """From the link to the receipt, page by page as they lead on; the browser stays open."""
    browser = Browser(stage.teller)
    browser.open(link)
    browser.press()
    browser.follow("/answers/")
    _hand_in(browser, story.answers())
    return browser


def clarify(stage: Stage, browser: Browser, address: str) -> None:
    """The letter that asks back leads to its questions alone; then it is handed in again."""
    mail = mails(stage, address, 3, f"the letter that asks {address} back")[-1]
    sink.show(stage.teller, mail)
    browser.open(sink.links(mail, stage.base)[0])
    browser.press()
    expect(browser.path.endswith("/clarification"), f"The letter leads to {browser.path}.")
    _hand_in(browser, story.clarified())


def _hand_in(browser: Browser, left: dict[str, list[story.Line]]) -> None:
    for _page in range(LONGEST):
        if browser.path.endswith("/receipt"):
            break
        fill(browser, left)
        browser.press()
    expect_asked(left)
    expect(browser.path.endswith("/receipt"), f"No receipt after {LONGEST} pages.")
    expect(browser.page.language == "ja", "The pages do not say that they are Japanese.")


def read_receipts(stage: Stage, addresses: list[str]) -> str:
    """To whom was asked, and to whom stands for the answers; gives back the receipt's mail."""
    told = ""
    for place, address in enumerate(addresses):
        mail = mails(stage, address, 2 - place, f"the receipt to {address}")[-1]
        sink.show(stage.teller, mail, whole=place == 0)
        told = told or sink.text(mail)
    return told


def mails(stage: Stage, address: str, count: int, what: str) -> list[EmailMessage]:
    """All mails to this address, once there are so many."""

    def look() -> list[EmailMessage] | None:
        stage.service.must_live()
        found = stage.sink.to(address)
        return found if len(found) >= count else None

    return stage.teller.wait(what, look)


def _sent_at(stage: Stage, rest: Rest, path: str) -> str:
    """The worker writes it down a moment after the mail has left."""

    def look() -> str | None:
        stage.service.must_live()
        return rest.get(path)["link_sent_at"] or None

    return stage.teller.wait("the time when the link was sent", look)


def expect_asked(left: dict[str, list[story.Line]]) -> None:
    """Nothing of the file is left: every page asked what it was to ask."""
    unasked = [line.question for lines in left.values() for line in lines]
    expect(not unasked, f"The form never asked for: {', '.join(unasked)}.")


def fill(browser: Browser, left: dict[str, list[story.Line]]) -> None:
    """Answer what this page asks; what was answered is taken out of `left`."""
    for kind, lines in left.items():
        if f"/{kind}" not in browser.path:
            continue
        form = browser.form
        for line in [each for each in lines if form.asks(each.question)]:
            taken = form.answer(line.question, line.answer)
            taken = taken and (not line.note or form.write(line.question, line.note))
            expect(taken, f"“{line.question}” does not take the answer “{line.answer}”.")
            browser.teller.say(f"    {line.question}  {line.answer}  {line.note}".rstrip())
            lines.remove(line)
