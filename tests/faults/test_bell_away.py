"""Nobody who answers or asks needs the bell: without it all goes on, and mail leaves later."""

import re

import pytest

from assessments.models import Assessment, Mail, Status
from tests.faults.calling import Browser, Caller
from tests.faults.campaigning import SEND, all_are_closed, ask
from tests.faults.processes import until

LONGEST = 2.0  # seconds that one answer may take


@pytest.fixture
def caller(service, contractor):
    caller = Caller(service.url)
    caller.sign_in(contractor)
    return caller


@pytest.fixture
def link(service, contractor, postbox):
    """An invitation that arrived while everything was well."""
    ask(1, contractor)
    service.worker()
    service.beat()
    service.doorbell.ring(SEND)
    until(all_are_closed, "the invitation arrived")
    [link] = re.findall(rf"{service.url}/r/\S+", postbox.mails[0].get_content())
    return link


@pytest.mark.parametrize("away", ["stopped", "frozen"])
def test_without_the_bell_people_answer_and_systems_call_and_mail_leaves_after_it(
    service, doorbell, postbox, tally, caller, link, away
):
    service.web()
    browser = Browser(service.url)
    caller.get("suppliers/")  # The first answer of a process is a slower one.
    doorbell.stop() if away == "stopped" else doorbell.freeze()

    receipt = browser.answer_all(link)
    addresses = [caller.ask_new(number) for number in range(3)]
    read = [caller.get(path) for path in ("suppliers/", "assessments/", "events/")]

    slowest = max(browser.slowest, caller.slowest)
    assert receipt.status_code == 200
    assert {answer.status_code for answer in read} == {200}
    assert Assessment.objects.filter(status=Status.SUBMITTED).count() == 1
    assert Mail.objects.filter(closed_at=None).count() == 5  # 2 receipts, 3 invitations
    assert len(postbox.mails) == 1
    assert slowest < LONGEST

    doorbell.start() if away == "stopped" else doorbell.thaw()
    until(all_are_closed, "the same worker was told by the clock", within=120)
    line = tally(f"bell {away}; slowest answer {slowest * 1000:.0f} ms")
    assert (line["owed"], line["lost"], line["doubled"]) == (6, 0, 0)
    assert set(addresses) < set(postbox.ids_by_reader())
