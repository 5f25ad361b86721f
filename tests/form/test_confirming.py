"""Who answers asks the responsible person to confirm: until there is a word, nothing changes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments import confirming, withholding
from assessments.models import REMINDERS, Assessment, Confirmation, Link, Mail, Occasion, Status
from assessments.submitting import Responsible
from events.models import Event
from suppliers import opting_out
from suppliers.models import Contact
from tests.factories import AnsweredFactory, ContactFactory
from tests.form.confirmations import ENDS, ICHIRO, PERSON, ask, at, cancel, hand_over, take_back
from tests.form.conftest import inside, send_mails
from tests.sending import carry

pytestmark = pytest.mark.django_db
FROZEN = ["answers/1", "certifications", "certifications/add?of=isms", "company", "submit"]


def test_the_letter_names_who_asks_and_counts_the_answers(asked):
    letter = send_mails()[ICHIRO["email"]]

    assert letter.subject.endswith("】回答内容のご確認")
    for said in (
        asked.assessment.contact.name, "社長 山田一郎様", "25問のうち25問", "印鑑は不要です",
        "回答者に戻せます",
    ):  # fmt: skip
        assert said in letter.body.replace("\n", "")
    assert "List-Unsubscribe" in letter.extra_headers
    assert f"<{asked.assessment.public_id}@" in letter.extra_headers["References"]
    assert "/r/" not in letter.body


def test_only_the_digest_of_the_link_is_kept(link_to_confirm, asked):
    row = Link.objects.get(confirmation=asked)

    assert len(link_to_confirm.removeprefix("/c/")) == 43
    assert link_to_confirm.removeprefix("/c/") not in str(vars(row))


@pytest.mark.parametrize("name", FROZEN)
def test_every_page_that_writes_says_so_and_leads_to_the_way_back(asker, asked, name):
    page = asker.open(at(asked.assessment, name))

    assert page.address == at(asked.assessment, "confirmation")
    assert "取り消" in page.text
    assert [each["value"] for each in page.buttons] == ["take_back"]


def test_overview_and_check_stay_readable_and_say_so(asker, asked):
    for name in ("", "check"):
        page = asker.open(at(asked.assessment, name))
        assert "責任者に確認を依頼中です" in page.text
        assert at(asked.assessment, "confirmation") in page.links
    assert not any("from=check" in each for each in page.links)
    assert not [each for each in page.buttons if each.get("value") == "next"]


def test_what_was_typed_meanwhile_stands_in_the_page_and_is_stored_after_the_way_back(answered):
    browser, other = inside(answered), inside(answered)
    browser.open(at(answered, "answers/1"))
    asked = ask(answered)

    browser.press(item_1="partly", comment_1="昨年から")

    assert browser.page.status == 409
    assert browser.page.value("comment_1") == "昨年から"
    assert at(answered, "confirmation") in browser.page.links
    assert not answered.answers.filter(comment="昨年から").exists()
    other.open(at(answered, "confirmation"))
    other.press("take_back")
    assert "回答はまた変更できます" in other.page.text
    browser.press()
    assert answered.answers.get(number=1).comment == "昨年から"
    asked.refresh_from_db()
    assert asked.state == "taken_back"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("company", {"item_8": "山田太郎"}),
        ("certifications", {"isms": "isms"}),
        ("certifications/add?of=isms", {"number": "IS 500001"}),
        ("submit", {**ICHIRO, "confirmed": "yes"}),
        ("submit", {**ICHIRO, "email": "jiro@yamada.example", "action": "ask"}),
    ],
)
def test_a_page_that_was_open_before_stores_nothing(answered, name, sent):
    browser = inside(answered)
    browser.open(at(answered, name))
    before = ask(answered).digest

    browser.press(**sent)

    assert browser.page.status == 409
    assert Confirmation.objects.get().state == "asked"
    assert not answered.submissions.exists()
    assert confirming.is_changed(Confirmation.objects.get()) is False
    assert Confirmation.objects.get().digest == before


def test_a_double_click_asks_once(asker):
    fields = asker.page.fields | {name: [value] for name, value in ICHIRO.items()}
    address = asker.page.address

    for _ in range(2):
        asker.page.address = address
        asker.send(fields | {"action": ["ask"]})

    assert Confirmation.objects.count() == 1
    assert len(send_mails()) == 1


@pytest.mark.parametrize("end", ENDS)
def test_a_letter_that_says_nothing_true_any_more_does_not_leave(asked, end):
    end(Confirmation.objects.select_related("assessment__contact").get())

    assert ICHIRO["email"] not in send_mails()
    left_out = Occasion.objects.get(kind="confirmation").left_out
    assert left_out == ("cancelled" if end is cancel else "outdated")


def test_what_is_handed_over_may_be_changed_by_the_new_person(asked):
    hand_over(Confirmation.objects.select_related("assessment__contact").get())

    assert not Confirmation.objects.asked().exists()


def test_a_letter_that_is_just_leaving_gets_no_link_any_more(asked):
    now = timezone.now()
    [leaving] = Mail.objects.select_related("contact").claim(now=now)
    take_back(asked)

    carry([leaving], now=now)

    assert not mail.outbox
    assert not Link.objects.filter(confirmation=asked).exists()


@pytest.mark.parametrize("typed", [{"name": ""}, {"title": ""}, {"email": ""}, {"email": "x"}])
def test_who_is_asked_has_a_name_a_title_and_an_address(asker, typed):
    asker.press("ask", **ICHIRO | typed)

    [name] = typed
    assert asker.page.faults() == [f"#id_{name}"]
    assert not Confirmation.objects.exists()


def test_who_answers_is_not_asked(asker, answered):
    asker.press("ask", **ICHIRO | {"email": answered.contact.email.upper()})

    assert asker.page.faults() == ["#id_email"]
    assert "ご自身が回答者です" in asker.page.text
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("where", ["here", "at another supplier"])
@pytest.mark.parametrize("status", ["opted_out", "bounced"])
def test_who_cannot_be_written_to_is_refused_with_a_sentence(asker, answered, status, where):
    tree = {"supplier": answered.supplier} if where == "here" else {}
    ContactFactory.create(
        contractor=answered.contractor, email=ICHIRO["email"], status=status, **tree
    )

    asker.press("ask", **ICHIRO)

    assert asker.page.faults() == ["#id_email"]
    assert asker.page.value("name") == "山田一郎"
    assert not Confirmation.objects.exists()
    assert not Contact.objects.filter(name="山田一郎").exists()


def test_who_opts_out_by_the_letter_gets_no_second_one(asker, asked):
    person = asked.person
    opting_out.opt_out(
        Contact.objects.select_related("contractor").get(pk=person.pk), now=timezone.now()
    )

    assert send_mails() == {}
    assert Occasion.objects.get(kind="confirmation").left_out == "opted_out"


def test_who_asked_is_told_that_the_mail_came_back(asker, asked):
    assert "届かなくなりました" not in asker.page.text
    Contact.objects.filter(pk=asked.person_id).update(status="bounced")

    page = asker.open(asker.page.address)

    assert "メールは届かなくなりました" in page.text


def test_five_times_a_day_are_the_most(asker, answered):
    for number in range(5):
        person = Responsible("山田", "社長", f"p{number}@yamada.example")
        take_back(confirming.ask(answered, person, now=timezone.now()))

    asker.press("ask", **ICHIRO)

    assert asker.page.status == 429
    assert asker.page.faults() == ["#id_email"]
    assert asker.page.value("email") == ICHIRO["email"]
    later = timezone.now() + timedelta(days=1, minutes=1)
    assert confirming.ask(answered, PERSON, now=later)


def test_gaps_lead_to_their_pages(answered):
    browser = inside(answered)
    browser.open(at(answered, "submit"))
    answered.answers.filter(number=7).delete()

    browser.press("ask", **ICHIRO)

    assert [each for each in browser.page.faults() if "answers/2" in each]
    assert not Confirmation.objects.exists()


def test_an_old_page_takes_back_nothing_newer(asker, asked):
    old = asker.page.fields
    take_back(asked)
    newer = confirming.ask(asked.assessment, PERSON, now=timezone.now())

    asker.send(old | {"action": ["take_back"]})

    newer.refresh_from_db()
    assert newer.state == "asked"
    assert asker.page.address == at(asked.assessment, "confirmation")


def test_who_is_known_keeps_the_known_name(asker, answered):
    known = ContactFactory.create(
        supplier=answered.supplier, contractor=answered.contractor, name="山田 一郎",
        email="Ichiro@yamada.example",
    )  # fmt: skip

    asker.press("ask", **ICHIRO)

    assert Confirmation.objects.get().person == known
    assert not Event.objects.exists()


def test_while_it_waits_the_contact_is_reminded_as_before(asked):
    assessment = asked.assessment

    for kind in REMINDERS:
        assert withholding.of_request(assessment, assessment.contact, kind) is None
        assert withholding.of_request(assessment, asked.person, kind) == "handed_over"
    assert Assessment.objects.get().status == Status.STARTED


def test_an_answered_request_of_another_contractor_is_not_touched(asked):
    other = AnsweredFactory.create()

    assert not other.confirmations.exists()
    assert inside(other).open(at(other, "answers/1")).status == 200
