"""Proposals in talks on the supplier's pages: made, answered, agreed on."""

from datetime import date

import pytest
from django.utils import timezone

from assessments import consulting
from assessments.models import Proposal
from assessments.speaking import Terms
from tests.form.talking import OFFER, PERSON, said

pytestmark = pytest.mark.django_db


def test_a_proposal_is_made_as_people_write_amounts_and_days(talks, thread):
    talks.open(f"{talks.page.address}/propose")

    talks.press(
        measure="鍵付きの棚を置きます。",
        cost_estimate_yen="約30万円",
        bearer="shared",
        share_percent="5割",
        from_on="令和9年4月1日",
    )

    made = Proposal.objects.get()
    assert (made.side, made.cost_estimate_yen, made.share_percent) == ("supplier", 300_000, 50)
    assert made.from_on == date(2027, 4, 1)
    assert "300,000円" in talks.page.text
    assert "50%" in talks.page.text


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"measure": ""}, "#id_measure"),
        ({"cost_estimate_yen": "高い"}, "#id_cost_estimate_yen"),
        ({"cost_estimate_yen": "-5"}, "#id_cost_estimate_yen"),
        ({"cost_estimate_yen": "2000000000000"}, "#id_cost_estimate_yen"),
        ({"bearer": ""}, "#id_bearer_1"),
        ({"bearer": "nobody"}, "#id_bearer_1"),
        ({"bearer": "shared"}, "#id_share_percent"),
        ({"bearer": "shared", "share_percent": "101"}, "#id_share_percent"),
        ({"bearer": "in_price"}, "#id_price_reflection"),
        ({"from_on": "来春"}, "#id_from_on"),
        ({"price_reflection": "長" * 1001}, "#id_price_reflection"),
    ],
)
def test_a_proposal_that_cannot_be_read_comes_back_as_it_was_typed(talks, wrong, fault):
    talks.open(f"{talks.page.address}/propose")
    typed = {"measure": "鍵をかけます。", "cost_estimate_yen": "12万", "bearer": "supplier"} | wrong

    talks.press(**typed)

    assert talks.page.faults() == [fault]
    for name in {*typed} - {"bearer"}:
        assert talks.page.value(name) == typed[name]
    assert not Proposal.objects.exists()


def test_a_second_click_proposes_once(talks):
    talks.open(f"{talks.page.address}/propose")
    place = talks.page.address
    fields = talks.page.fields | {"measure": ["鍵をかけます。"], "bearer": ["supplier"]}

    for _ in range(2):
        talks.page.address = place
        talks.send(fields)

    assert Proposal.objects.count() == 1
    assert said() == 1


def test_who_proposes_something_else_starts_from_what_lies_on_the_table(offered):
    offered.open(offered.page.address.rpartition("/proposals/")[0] + "/propose")

    assert offered.page.value("measure") == OFFER.measure
    assert offered.page.value("cost_estimate_yen") == "300000"
    offered.press(share_percent="80")
    assert Proposal.objects.get(side="supplier").share_percent == 80


def test_agreeing_freezes_what_was_proposed_and_keeps_what_was_added(offered, thread):
    page = offered.page.address
    fields = offered.page.fields | {"decision": ["agree"], "text": ["よろしくお願いします。"]}

    for _ in range(2):
        offered.page.address = page
        offered.send(fields)

    thread.refresh_from_db()
    assert (thread.state, thread.result["share_percent"]) == ("agreed", 50)
    assert "両社で合意した内容" in offered.page.text
    assert "よろしくお願いします。" in offered.page.text
    assert thread.digest[:16] in offered.page.text
    assert said("consultation.agreed") == 1
    assert "text" not in offered.page.names


def test_a_refusal_needs_a_reason_and_the_talks_go_on(offered, thread):
    offered.press(decision="refuse", text=" ")
    assert offered.page.faults() == ["#id_text"]

    offered.press(decision="refuse", text="単価が合いません。")

    thread.refresh_from_db()
    assert thread.state == "open"
    assert Proposal.objects.get().explanation == "単価が合いません。"
    assert "単価が合いません。" in offered.page.text


def test_without_a_choice_nothing_is_decided(offered):
    offered.press(text="考えています。")

    assert offered.page.faults() == ["#id_decision_1"]
    assert offered.page.value("text") == "考えています。"
    assert Proposal.objects.get().state == "open"


def test_an_answer_to_a_proposal_that_changed_meanwhile_is_not_lost(offered, thread):
    consulting.propose(
        thread, Terms("別の案です。", "contractor"), voice=PERSON, now=timezone.now()
    )

    offered.press(decision="agree", text="これで結構です。")

    assert offered.page.status == 409
    assert offered.page.value("text") == "これで結構です。"
    assert "別の案です。" in offered.page.text
    assert not Proposal.objects.filter(state="agreed").exists()
