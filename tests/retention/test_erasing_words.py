"""What was said beside the answers goes as well: talks, questions back, reasons."""

from datetime import UTC, date, datetime, timedelta

import pytest

from assessments import asking, clarifying, consulting, extending, reviewing
from assessments.errors import WrongStatus
from assessments.models import Assessment, Clarification, Consultation, Message, Proposal, Status
from assessments.reviewing import Return
from contractors.actors import SYSTEM
from retention import erasing, reporting
from retention.models import Erasure
from tests.acts.test_consulting import TERMS, THEY, talk
from tests.factories import UserFactory
from tests.form.conftest import inside
from tests.retention.conftest import ENDED, NOW

pytestmark = pytest.mark.usefixtures("committed")


def test_words_of_talks_go_and_what_they_came_to_stays(talked):
    assert erasing.erase_talks(now=datetime(2040, 1, 1, tzinfo=UTC)) == 2

    proposals = Proposal.objects.order_by("pk")
    assert set(Message.objects.values_list("text", flat=True)) == {"erased"}
    assert set(proposals.values_list("measure", "price_reflection", "cost_estimate_yen")) == {
        ("erased", "erased", None)
    }
    assert list(proposals.values_list("state", "explanation")) == [
        ("refused", "erased"), ("agreed", ""),
    ]  # fmt: skip
    after = Consultation.objects.get(pk=talked.pk)
    assert after.digest == talked.digest
    assert after.result.pop("erased_at")
    assert after.result == {"digest": talked.digest, "rule": "talks"}
    noted = Erasure.objects.get(subject_id=talked.assessment.public_id)
    assert noted.digests == [talked.digest]


def test_what_was_agreed_on_is_printed_no_longer(api_of, talked):
    api, asked = api_of(talked.contractor), talked.assessment.public_id
    thread = f"/api/v1/assessments/{asked}/consultations/{talked.public_id}/"
    assert api.get(f"{thread}agreement.pdf").status_code == 200
    erasing.erase_talks(now=datetime(2040, 1, 1, tzinfo=UTC))

    answer = api.get(f"{thread}agreement.pdf")

    assert (answer.status_code, answer.json()["code"]) == (410, "erased")
    assert api.get(thread).json()["agreement_url"] is None


def test_talks_are_kept_as_long_after_their_end_as_after_the_decision(talked):
    """Decided on 1 December 2026, talked about until 10 January 2027."""
    Assessment.objects.filter(pk=talked.assessment_id).update(due_on="2026-12-01")
    kept = datetime(2034, 1, 9, 14, 59, tzinfo=UTC)

    assert erasing.erase_talks(now=kept) == 1  # the other request's wishes
    assert reporting.due_of_all(now=kept)["talks"] == 0
    assert reporting.due_of_all(now=kept + timedelta(minutes=1))["talks"] == 1
    assert erasing.erase_talks(now=kept + timedelta(minutes=1)) == 1


@pytest.mark.parametrize("say", ["start", "write", "propose"])
def test_nothing_is_said_any_more_where_what_was_said_is_erased(talked, say):
    thread = talked.assessment.consultations.get(state="open")
    erasing.erase_talks(now=datetime(2040, 1, 1, tzinfo=UTC))
    acts = {
        "start": lambda: talk(talked.assessment),
        "write": lambda: consulting.write(thread, "追伸です。", voice=THEY, now=NOW),
        "propose": lambda: consulting.propose(thread, TERMS, voice=THEY, now=NOW),
    }

    with pytest.raises(WrongStatus):
        acts[say]()


def test_the_pages_of_the_supplier_still_open(talked):
    erasing.erase_talks(now=datetime(2040, 1, 1, tzinfo=UTC))
    browser = inside(talked.assessment)

    for thread in Consultation.objects.all():
        page = browser.open(f"/f/{talked.assessment.public_id}/consultations/{thread.public_id}")
        assert page.status == 200
        assert "erased" in page.text
        assert TERMS.measure not in page.text


def test_what_was_asked_back_and_reasons_go_with_the_answers(decided):
    reviewing.reopen(decided, person=UserFactory.create(contractor=decided.contractor), now=NOW)
    asked = Return(date(2026, 12, 20), {3: "どのパソコンですか。"}, "急ぎません。")
    reviewing.return_(decided, asked, actor=SYSTEM, now=NOW)
    clarifying.reply(decided, {3: "全部です。"}, now=NOW)
    extending.extend(decided, due_on=date(2026, 12, 25), reason="年末のため", actor=SYSTEM, now=NOW)

    assert erasing.erase_answers(now=datetime(2031, 1, 1, tzinfo=UTC)) == 1

    decided.refresh_from_db()
    assert (decided.return_reason, decided.extension_reason) == ("", "")
    assert Clarification.objects.values_list("question", "reply").get() == ("erased", "")


@pytest.mark.parametrize("act", ["reopen", "return", "extend", "cancel"])
def test_no_act_adds_words_to_what_is_erased(decided, act):
    status = {"reopen": "accepted", "extend": "returned"}.get(act, "submitted")
    if status != "accepted":
        Assessment.objects.update(status=Status.SUBMITTED)
    Assessment.objects.update(status=status)
    erasing.erase_answers(now=ENDED)
    day = date(2030, 1, 31)
    acts = {
        "reopen": lambda: reviewing.reopen(decided, person=UserFactory.create(), now=ENDED),
        "return": lambda: reviewing.return_(
            decided, Return(day, reason="再度"), actor=SYSTEM, now=ENDED
        ),
        "extend": lambda: extending.extend(
            decided, due_on=day, reason="年末", actor=SYSTEM, now=ENDED
        ),
        "cancel": lambda: asking.cancel(decided, reason="不要", actor=SYSTEM, now=ENDED),
    }

    with pytest.raises(WrongStatus) as refusal:
        acts[act]()

    assert refusal.value.more == {"allowed": []}
    decided.refresh_from_db()
    assert (decided.status, decided.closing_note) == (status, "")
