"""Nobody who answers or asks needs the bell: without it all goes on, and mail leaves later."""

import re
import time

import pytest

from assessments.models import Answer, Mail, Submission
from tests.faults.calling import Browser, Caller
from tests.faults.campaigning import SEND, all_are_closed, ask
from tests.faults.processes import until
from tests.soaking import often

SUPPLIERS = often(8, 1)  # who answer
NEW = 3  # who are asked meanwhile
ITEMS = 25
AWAY = often(120, 0)  # seconds, or as long as they take to answer
LONGEST = 2.0  # seconds that one answer may take


@pytest.fixture
def caller(service, contractor):
    caller = Caller(service.url)
    caller.sign_in(contractor)
    return caller


@pytest.fixture
def links(service, contractor, postbox):
    """Invitations that arrived while everything was well."""
    ask(SUPPLIERS, contractor)
    service.worker()
    service.beat()
    service.doorbell.ring(SEND)
    until(all_are_closed, "the invitations arrived")
    return [
        re.search(rf"{service.url}/r/\S+", mail.get_content()).group() for mail in postbox.mails
    ]


def answering_one_after_the_other(url, links):
    """Each with a browser of its own, until the bell has been away for so long."""
    began = time.monotonic()
    for place, link in enumerate(links, 1):
        browser = Browser(url)
        yield browser, browser.answer_all(link)
        time.sleep(max(0.0, began + AWAY * place / len(links) - time.monotonic()))


@pytest.mark.parametrize("away", [pytest.param("stopped", marks=pytest.mark.soak), "frozen"])
def test_without_the_bell_people_answer_and_systems_call_and_mail_leaves_after_it(
    service, doorbell, postbox, tally, caller, links, away
):
    service.web()
    caller.get("suppliers/")  # The first answer of a process is a slower one.
    doorbell.stop() if away == "stopped" else doorbell.freeze()
    began = time.monotonic()

    addresses = [caller.ask_new(number) for number in range(NEW)]
    answered = list(answering_one_after_the_other(service.url, links))
    read = [caller.get(path) for path in ("suppliers/", "assessments/", "events/")]

    slowest = max(caller.slowest, *(browser.slowest for browser, _receipt in answered))
    assert {receipt.status_code for _browser, receipt in answered} == {200}
    assert {answer.status_code for answer in read} == {200}
    assert Submission.objects.count() == SUPPLIERS
    assert Answer.objects.count() == SUPPLIERS * ITEMS
    assert Mail.objects.filter(closed_at=None).count() == 2 * SUPPLIERS + NEW  # 2 receipts each
    assert len(postbox.mails) == SUPPLIERS
    assert slowest < LONGEST

    doorbell.start() if away == "stopped" else doorbell.thaw()
    seconds = time.monotonic() - began
    until(all_are_closed, "the same worker was told by the clock", within=120)
    line = tally(f"bell {away} for {seconds:.0f} s; slowest answer {slowest * 1000:.0f} ms")
    assert (line["owed"], line["lost"], line["doubled"]) == (3 * SUPPLIERS + NEW, 0, 0)
    assert set(addresses) < set(postbox.ids_by_reader())
