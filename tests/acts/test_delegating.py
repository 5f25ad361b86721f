"""Colleagues are asked, answer what they were asked, and are out as soon as it is over."""

from datetime import UTC, datetime, timedelta

import pytest

from assessments import (
    answering,
    delegating,
)
from assessments.answering import Given
from assessments.delegating import Colleague, Wish
from assessments.errors import (
    AlreadyAsked,
    NoContact,
    NotDelegated,
    SameContact,
    TooMany,
    WrongStatus,
)
from assessments.models import Answer, Delegation, Mail, Occasion, Status
from assessments.submitting import Responsible
from events.models import Event
from suppliers.models import Contact
from tests.factories import AssessmentFactory, ContactFactory, DelegationFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
HANAKO = Colleague("鈴木花子", "hanako@yamada.example")
WISH = Wish(HANAKO, (6, 3), "倉庫のことをお願いします。")
PERSON = Responsible(name="山田一郎", title="社長", email="ichiro@yamada.example")


@pytest.fixture
def asked():
    return AssessmentFactory.create()


def test_it_is_written_down_without_names(asked):
    delegation = delegating.delegate(asked, WISH, now=NOW)
    delegating.give_back(delegation, now=NOW)

    events = list(Event.objects.order_by("sequence"))
    assert [(each.kind, each.detail) for each in events] == [
        ("assessment.delegated", {}),
        ("supplier.updated", {}),
        ("assessment.delegation_ended", {"outcome": "given_back"}),
    ]
    actors = [asked.contact.public_id] * 2 + [delegation.contact.public_id]
    assert [each.actor["id"] for each in events] == list(map(str, actors))


def test_a_colleague_writes_only_the_questions_asked():
    delegation = DelegationFactory.create()

    with pytest.raises(NotDelegated):
        delegating.answer(delegation, {3: Given("done"), 4: Given("done")}, now=NOW)

    assert not Answer.objects.exists()
    delegating.answer(delegation, {3: Given("done")}, now=NOW)
    assert Answer.objects.get().number == 3


def test_the_first_answer_starts_the_request_and_names_the_colleague():
    delegation = DelegationFactory.create()

    delegating.answer(delegation, {3: Given("done")}, now=NOW)

    started = Event.objects.get(kind="assessment.started")
    assert started.actor == {"type": "supplier", "id": str(delegation.contact.public_id)}
    delegation.refresh_from_db()
    assert delegation.saved_at == NOW


def test_what_somebody_else_answered_meanwhile_is_not_overwritten_unseen():
    delegation = DelegationFactory.create()
    answering.answer(delegation.assessment, {3: Given("done"), 6: Given("done")}, now=NOW)

    conflicts = delegating.answer(
        delegation, {3: Given("partly"), 6: Given("partly", version=1)}, now=NOW
    )

    assert [each.number for each in conflicts] == [3]
    assert list(Answer.objects.order_by("number").values_list("value", flat=True)) == [
        "done", "partly",
    ]  # fmt: skip


def test_the_same_twice_is_asked_once(asked):
    first = delegating.delegate(asked, WISH, now=NOW)

    again = delegating.delegate(asked, Wish(HANAKO, (3, 6), WISH.note), now=NOW)

    assert again == first
    assert Mail.objects.count() == Occasion.objects.count() == 1
    with pytest.raises(AlreadyAsked):
        delegating.delegate(asked, Wish(HANAKO, (4,)), now=NOW)


def test_after_it_was_taken_back_the_same_colleague_is_asked_anew(asked):
    delegating.take_back(delegating.delegate(asked, WISH, now=NOW), now=NOW)

    delegating.delegate(asked, Wish(HANAKO, (4,)), now=NOW)

    assert Delegation.objects.running().get().numbers == [4]
    assert Contact.objects.filter(email=HANAKO.email).count() == 1


def test_nobody_asks_oneself(asked):
    own = Colleague("私", asked.contact.email.upper())

    with pytest.raises(SameContact):
        delegating.delegate(asked, Wish(own, (3,)), now=NOW)


@pytest.mark.parametrize("status", [Contact.Status.OPTED_OUT, Contact.Status.BOUNCED])
@pytest.mark.parametrize("elsewhere", [True, False])
def test_who_cannot_be_written_to_is_refused(asked, status, elsewhere):
    supplier = {} if elsewhere else {"supplier": asked.supplier}
    ContactFactory.create(
        contractor=asked.contractor, email="Hanako@yamada.example", status=status, **supplier
    )

    with pytest.raises(NoContact):
        delegating.delegate(asked, WISH, now=NOW)

    assert not Mail.objects.exists()


def test_no_more_than_five_a_day_and_twenty_in_all(asked):
    def ask(number, now):
        colleague = Colleague("同僚", f"c{number}@yamada.example")
        delegation = delegating.delegate(asked, Wish(colleague, (3,)), now=now)
        delegating.take_back(delegation, now=now)  # does not make room for another letter

    for day in range(4):
        now = NOW + timedelta(days=day)
        for number in range(5):
            ask(day * 5 + number, now)
        with pytest.raises(TooMany):
            ask(99, now + timedelta(hours=23, minutes=59))
    with pytest.raises(TooMany):
        ask(99, NOW + timedelta(days=30))
    assert Mail.objects.count() == 20


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.SUBMITTED])
def test_nobody_is_asked_once_the_request_takes_no_answers(status):
    asked = AssessmentFactory.create(status=status)

    with pytest.raises(WrongStatus):
        delegating.delegate(asked, WISH, now=NOW)


def test_a_known_colleague_keeps_the_known_name(asked):
    known = ContactFactory.create(
        contractor=asked.contractor, supplier=asked.supplier, email=HANAKO.email, name="鈴木 花子"
    )

    assert delegating.delegate(asked, WISH, now=NOW).contact == known
    known.refresh_from_db()
    assert known.name == "鈴木 花子"
