"""Until the letter by which a campaign asks has left, nothing else is said about its request."""

from datetime import timedelta

import pytest

from assessments import campaigning, extending, handing_over, prompting
from assessments.errors import NotInvitedYet
from assessments.handing_over import Successor
from assessments.models import Assessment, Mail, Occasion
from contractors.actors import SYSTEM
from tests.acts.campaigning import TEN, TUESDAY, launch, work
from tests.factories import CampaignFactory, ContactFactory

pytestmark = pytest.mark.django_db
SOON = TUESDAY + timedelta(minutes=2)


@pytest.fixture
def asked():
    launch(CampaignFactory.create(suppliers=1))
    work()
    return Assessment.objects.get()


def change(assessment, now=SOON):
    other = ContactFactory.create(contractor=assessment.contractor, supplier=assessment.supplier)
    return handing_over.change(assessment, other, actor=SYSTEM, now=now)


def extend(assessment, now=SOON):
    later = assessment.due_on + timedelta(days=7)
    return extending.extend(assessment, due_on=later, reason="", actor=SYSTEM, now=now)


def cancel(assessment):
    campaigning.cancel(assessment.campaign, reason="", actor=SYSTEM, now=SOON)


def test_nobody_is_reminded_of_what_was_not_asked(asked, mailbox, strike):
    with pytest.raises(NotInvitedYet):
        prompting.remind(asked, actor=SYSTEM, now=SOON)

    strike(TEN + timedelta(minutes=1))
    prompting.remind(asked, actor=SYSTEM, now=TEN + timedelta(days=1))

    kinds = Occasion.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["invitation", "reminder"]


def test_a_reminder_before_the_letter_of_the_campaign_is_refused_with_its_own_code(api, contractor):
    campaign = CampaignFactory.create(contractor=contractor, suppliers=1)
    launch(campaign)
    work()
    request = Assessment.objects.get()

    answer = api.post(f"/api/v1/assessments/{request.public_id}/remind/")

    assert (answer.status_code, answer.json()["code"]) == (409, "not-invited-yet")
    assert Mail.objects.count() == 1


def test_a_day_that_is_moved_by_then_is_told_by_the_invitation_alone(asked, mailbox, strike):
    moved = extend(asked)

    strike(SOON)
    assert mailbox.mails == []

    strike(TEN + timedelta(minutes=1))
    [letter] = mailbox.mails
    day = moved.due_on
    text = letter.get_body(("plain",)).get_content()
    assert f"{day.month}月{day.day}日" in text
    assert Occasion.objects.get().kind == Occasion.Kind.INVITATION


def test_a_day_that_is_moved_later_has_a_letter_of_its_own(asked, mailbox, strike):
    strike(TEN + timedelta(minutes=1))

    asked.refresh_from_db()
    extend(asked, now=TEN + timedelta(minutes=2))

    assert Occasion.objects.filter(kind="extended").exists()


def test_another_person_is_invited_at_the_same_moment_and_the_first_never_hears(
    asked, mailbox, strike
):
    changed = change(asked)
    strike(SOON)
    assert mailbox.mails == []

    strike(TEN + timedelta(minutes=1))
    strike(TEN + timedelta(days=1))

    assert [letter["To"] for letter in mailbox.mails] == [changed.contact.email]
    assert Occasion.objects.get().kind == Occasion.Kind.INVITATION


def test_a_letter_that_was_put_off_has_not_asked_either(asked, mailbox, strike):
    evening = TEN + timedelta(hours=8)
    strike(evening)  # by a worker that was away until then

    asked.refresh_from_db()
    changed = change(extend(asked, now=evening), now=evening)
    strike(evening)
    assert mailbox.mails == []
    with pytest.raises(NotInvitedYet):
        prompting.remind(changed, actor=SYSTEM, now=evening)

    for minute in (0, 30):
        strike(TEN + timedelta(days=1, minutes=minute))
    assert [letter["To"] for letter in mailbox.mails] == [changed.contact.email]
    assert Occasion.objects.exclude(left_out="handed_over").get().kind == "invitation"


def test_on_the_day_after_the_launch_too_and_back_again(mailbox, strike):
    friday = TUESDAY + timedelta(days=3)
    launch(CampaignFactory.create(suppliers=1), now=friday)
    work(friday)
    request = Assessment.objects.get()
    first = request.contact

    changed = change(request, now=friday + timedelta(days=1))
    handing_over.change(changed, first, actor=SYSTEM, now=friday + timedelta(days=2))
    strike(friday + timedelta(days=3))
    assert mailbox.mails == []
    for days in (4, 5):
        strike(friday + timedelta(days=days, hours=1))

    assert [letter["To"] for letter in mailbox.mails] == [first.email]


def test_the_first_person_gets_no_copy_about_what_it_never_heard_of(asked, mailbox, strike):
    named = Successor("鈴木花子", "hanako@yamada.example")
    handing_over.hand_over(asked, named, keep_copy=True, now=SOON)

    strike(TEN + timedelta(minutes=1))

    assert [letter["To"] for letter in mailbox.mails] == ["hanako@yamada.example"]


def test_a_cancel_in_time_leaves_neither_letter_nor_apology(asked, mailbox, strike):
    change(extend(asked))
    cancel(asked)

    for days in range(0, 30, 3):
        strike(TEN + timedelta(days=days, minutes=6))

    assert mailbox.mails == []
    assert not Mail.objects.filter(due_at__isnull=False).exists()


def test_after_the_letter_the_new_person_is_told_at_once(asked, mailbox, strike):
    strike(TEN + timedelta(minutes=1))
    asked.refresh_from_db()

    change(asked, now=TEN + timedelta(minutes=2))

    assert Occasion.objects.filter(kind="handed_over").exists()
