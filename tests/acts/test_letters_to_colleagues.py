"""The letter that asks a colleague, its link, and all that ends both."""

from datetime import UTC, datetime

import pytest
from django.core import mail

from assessments import (
    asking,
    declining,
    delegating,
    enlisting,
    handing_over,
    planning,
    submitting,
)
from assessments.answering import Given
from assessments.delegating import Colleague, Wish
from assessments.errors import (
    HandedOver,
    NotDelegated,
)
from assessments.handing_over import Successor
from assessments.models import Answer, DeclineReason, Delegation, Mail, Occasion, Status
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from suppliers import opting_out
from suppliers.models import Supplier
from tests.factories import AnsweredFactory, AssessmentFactory, DelegationFactory
from tests.sending import carry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
HANAKO = Colleague("鈴木花子", "hanako@yamada.example")
WISH = Wish(HANAKO, (6, 3), "倉庫のことをお願いします。")
PERSON = Responsible(name="山田一郎", title="社長", email="ichiro@yamada.example")


@pytest.fixture
def asked():
    return AssessmentFactory.create()


def send():
    """Whatever is owed leaves; those that left."""
    sent = len(mail.outbox)
    carry(Mail.objects.select_related("contact").claim(now=NOW), now=NOW)
    return mail.outbox[sent:]


def token_in(letter):
    [line] = [each for each in letter.body.splitlines() if "/q/" in each]
    return line.rpartition("/q/")[2]


def hand_over(delegation):
    successor = Successor("佐藤次郎", "jiro@yamada.example")
    handing_over.hand_over(delegation.assessment, successor, now=NOW)


def decline_all(delegation):
    reason = DeclineReason.NO_TRADE
    declining.decline(delegation.assessment, reason=reason, note="", now=NOW)


def stop(delegation):
    opting_out.opt_out(delegation.contact, now=NOW)


def archive(delegation):
    Supplier.objects.update(status=Supplier.Status.ARCHIVED)


ENDS = {
    "taken back": lambda each: delegating.take_back(each, now=NOW),
    "given back": lambda each: delegating.give_back(each, now=NOW),
    "declined by the colleague": lambda each: delegating.decline(each, now=NOW),
    "handed in": lambda each: submitting.submit(each.assessment, responsible=PERSON, now=NOW),
    "withdrawn": lambda each: asking.cancel(each.assessment, reason="", actor=SYSTEM, now=NOW),
    "declined": decline_all,
    "handed over": hand_over,
}
REASONS = dict(
    zip(
        ENDS,
        ["outdated"] * 3 + ["submitted", "cancelled", "declined", "handed_over"],
        strict=True,
    )
)


def test_a_colleague_gets_a_letter_that_says_who_asks_and_what(asked):
    delegating.delegate(asked, WISH, now=NOW)

    [letter] = send()

    assert letter.to == [HANAKO.email]
    assert letter.subject.endswith("山田太郎様からの回答依頼")
    text = letter.body.replace("\n", "")
    assert "鈴木花子様" in text
    assert "質問 3、6(25問のうち2問)" in text
    assert WISH.note in text
    assert "パスワードやお金を求めることはありません。" in text
    assert "本物か確かめるには" in text
    assert enlisting.find(token_in(letter)).contact.email == HANAKO.email
    assert token_in(letter) not in str(list(Delegation.objects.get().links.values()))


@pytest.mark.parametrize("end", ENDS)
def test_whatever_ends_it_the_link_is_dead_and_the_letter_does_not_leave(end):
    asked = AnsweredFactory.create(status=Status.STARTED)
    if end == "declined":
        Answer.objects.all().delete()
    delegation = delegating.delegate(asked, WISH, now=NOW)
    token = enlisting.issue_link(delegation, now=NOW).rpartition("/")[2]
    assert enlisting.find(token)

    ENDS[end](delegation)

    assert enlisting.find(token) is None
    assert HANAKO.email not in [each.to[0] for each in send()]
    occasion = Occasion.objects.get(delegation=delegation)
    assert (occasion.mail.outcome, occasion.left_out) == ("dropped", REASONS[end])
    for act in (delegating.give_back, delegating.decline):
        with pytest.raises((NotDelegated, HandedOver)):
            act(delegation, now=NOW)
    with pytest.raises((NotDelegated, HandedOver)):
        delegating.answer(delegation, {3: Given("partly", version=1)}, now=NOW)
    assert Answer.objects.filter(value="partly").count() == 0


@pytest.mark.parametrize(("act", "reason"), [(stop, "opted_out"), (archive, "archived")])
def test_who_is_not_written_to_gets_no_letter(asked, act, reason):
    delegation = delegating.delegate(asked, WISH, now=NOW)

    act(delegation)

    assert send() == []
    assert Occasion.objects.get().left_out == reason


def test_a_request_that_is_returned_does_not_revive_the_link():
    asked = AnsweredFactory.create()
    delegation = DelegationFactory.create(assessment=asked)
    submitting.submit(asked, responsible=PERSON, now=NOW)
    type(asked).objects.update(status=Status.RETURNED)

    assert not Delegation.objects.running().exists()
    delegation.refresh_from_db()
    assert delegation.outcome == Delegation.Outcome.OVERTAKEN


def test_back_and_forth_does_not_revive_the_link():
    asked = AssessmentFactory.create()
    DelegationFactory.create(assessment=asked)
    former = asked.contact
    changed = handing_over.hand_over(asked, Successor("佐藤", "jiro@yamada.example"), now=NOW)

    handing_over.change(changed, former, actor=SYSTEM, now=NOW)

    assert not Delegation.objects.running().exists()


def test_the_plan_of_mails_explains_it(asked):
    delegation = delegating.delegate(asked, WISH, now=NOW)

    def told():
        lines = planning.plan(asked, now=NOW)
        return [(each.outcome, each.reason) for each in lines if each.kind == "delegated"]

    assert told() == [("owed", "")]
    delegating.take_back(delegation, now=NOW)
    assert told() == [("owed", "outdated")]
    send()
    assert told() == [("dropped", "outdated")]
