"""Another person takes a request over: what was answered stays, and who had it before is out."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments import handing_over, inviting, owing
from assessments.errors import HandedOver
from assessments.handing_over import Successor
from assessments.models import Answer, Entry, Mail, Occasion, Status
from contractors.actors import SYSTEM
from events.models import Event
from suppliers.models import Contact
from tests.factories import AssessmentFactory, ContactFactory
from tests.form.browsing import Browser
from tests.form.conftest import come_in, inside, link_to, send_mails
from tests.sending import carry

pytestmark = pytest.mark.django_db

HANAKO = {
    "name": "鈴木花子",
    "email": "hanako@yamada.example",
    "title": "課長",
    "department": "総務部",
    "phone": "03(1111)2222",
}


def link_in(letter):
    return "/r/" + re.search(r"/r/(\S+)", letter.body).group(1)


def in_charge(assessment):
    assessment.refresh_from_db()
    return assessment.contact


def at(assessment, name="handover"):
    return f"/f/{assessment.public_id}/{name}"


def at_link(assessment):
    browser = Browser()
    browser.open(link_to(assessment) + "/handover")
    return browser


@pytest.fixture(params=["link", "within"])
def page(request, assessment):
    """A browser at the page, on either way to it."""
    browser = come_in(assessment) if request.param == "within" else Browser()
    if request.param == "link":
        browser.open(link_to(assessment))
    [way] = [link for link in browser.page.links if link.endswith("/handover")]
    browser.open(way)
    return browser


def test_a_new_person_is_written_to_and_goes_on_where_the_other_stopped(assessment, mailed_code):
    old_link = link_to(assessment)
    old, new = Browser(), Browser()
    old.open(old_link)
    old.press()
    old.open(at(assessment, "answers/1"))
    old.press(item_1="done", comment_1="昨年から")
    old.open(at(assessment))
    code = mailed_code(lambda: old.press(**HANAKO, keep_copy="yes"))
    assert old.page.value("name") == "鈴木花子"
    old.press(code=code)
    assert (old.page.address, old.page.status) == ("/handed-over", 200)

    for dead in (at(assessment, ""), at(assessment, "answers/1"), old_link):
        page = old.open(dead)
        assert (page.status, page.title.partition(" - ")[0]) == (410, "担当が替わりました")
    letters = send_mails()
    former = assessment.contact.email
    assert set(letters) == {"hanako@yamada.example", former}
    assert "/r/" not in letters[former].body
    new.open(link_in(letters["hanako@yamada.example"]))
    code = mailed_code(new.press)
    assert mail.outbox[-1].to == ["hanako@yamada.example"]
    new.press(code=code)
    new.open(at(assessment, "answers/1"))

    assert new.page.value("item_1") == "done"
    assert new.page.value("comment_1") == "昨年から"
    person = in_charge(assessment)
    kept = {name: getattr(person, name) for name in HANAKO}
    assert kept == HANAKO | {"phone": "03-1111-2222"}


def test_before_there_are_answers_the_link_is_enough(page, assessment):
    page.press(**HANAKO)

    assert page.page.address == "/handed-over"
    assert in_charge(assessment).email == HANAKO["email"]
    assert not Entry.objects.filter(ended_at=None).exists()
    assert set(send_mails()) == {HANAKO["email"]}


def test_what_happened_is_written_down_without_names(page, assessment):
    former = assessment.contact
    page.press(**HANAKO)

    events = list(Event.objects.order_by("sequence"))
    assert [event.kind for event in events] == ["assessment.contact_changed", "supplier.updated"]
    assert [event.changed for event in events] == [["contact"], ["contacts"]]
    assert {event.actor["id"] for event in events} == {str(former.public_id)}
    assert not re.search("鈴木|hanako|総務", str([(each.detail, each.actor) for each in events]))


@pytest.mark.parametrize("way", ["link", "within"])
def test_once_there_are_answers_the_first_browser_too_shows_a_code(way, mailed_code, answered):
    """It came in by the link alone, and that somebody may have passed on."""
    browser = at_link(answered)
    if way == "within":
        browser = inside(answered)
        Entry.objects.update(code_digest="")
        browser.open(at(answered))

    code = mailed_code(lambda: browser.press(**HANAKO))

    assert in_charge(answered).email != HANAKO["email"]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    browser.press(code=wrong)
    assert in_charge(answered).email != HANAKO["email"]
    assert browser.page.value("department") == "総務部"
    browser.press(code=code)
    assert in_charge(answered).email == HANAKO["email"]


def test_no_code_is_sent_for_what_cannot_be_done(answered, mailed_code):
    browser = at_link(answered)

    browser.press(**HANAKO | {"email": "hanako"})

    assert browser.page.faults() == ["#id_email"]
    assert not Entry.objects.exists()
    code = mailed_code(lambda: browser.press(**HANAKO))
    browser.press(code=code, name="")
    assert browser.page.faults() == ["#id_name"]
    browser.press(name="鈴木花子")
    assert in_charge(answered).email == HANAKO["email"]


def test_who_only_knows_the_address_within_comes_to_the_code(assessment):
    browser = Browser()

    assert browser.open(at(assessment)).address == at(assessment, "code")
    browser.page.address = at(assessment)
    browser.press(**HANAKO)

    assert in_charge(assessment).email != HANAKO["email"]


def test_a_second_click_changes_nothing_and_says_what_happened(page, assessment):
    fields = page.page.fields | {name: [value] for name, value in HANAKO.items()}
    address = page.page.address

    page.send(fields)
    page.page.address = address
    page.send(fields)

    assert page.page.status == 410
    assert "引き継がれました" in page.page.text
    assert Event.objects.filter(kind="assessment.contact_changed").count() == 1
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"name": ""}, ["#id_name"]),
        ({"email": ""}, ["#id_email"]),
        ({"email": "hanako"}, ["#id_email"]),
        ({"name": "長" * 101, "email": ""}, ["#id_name", "#id_email"]),
        ({"title": "長" * 101, "department": "長" * 101}, ["#id_title", "#id_department"]),
        ({"phone": "内線で"}, ["#id_phone"]),
        ({"phone": "1" * 31}, ["#id_phone"]),
        ({"name": "鈴木\x00"}, ["#id_name"]),
        ({"email": "yamada@yamada.example"}, ["#id_email"]),
        ({"email": "YAMADA@yamada.example"}, ["#id_email"]),
    ],
)
def test_what_cannot_be_comes_back_as_it_was_typed(page, assessment, typed, faults):
    Contact.objects.update(email="yamada@yamada.example")
    given = HANAKO | typed

    page.press(**given, keep_copy="yes")

    assert page.page.faults() == faults
    assert page.page.title.startswith("エラー")
    for name, value in given.items():
        assert page.page.value(name) == value
    assert page.page.value("keep_copy") == "yes"
    assert in_charge(assessment).email == "yamada@yamada.example"
    assert not Event.objects.exists()


@pytest.mark.parametrize("status", [Contact.Status.OPTED_OUT, Contact.Status.BOUNCED])
def test_who_cannot_be_written_to_cannot_take_over(page, assessment, status):
    ContactFactory.create(
        supplier=assessment.supplier,
        contractor=assessment.contractor,
        email=HANAKO["email"],
        status=status,
    )

    page.press(**HANAKO)

    assert page.page.faults() == ["#id_email"]
    assert in_charge(assessment).email != HANAKO["email"]


def test_a_person_who_is_known_keeps_the_known_name(page, assessment):
    known = ContactFactory.create(
        supplier=assessment.supplier,
        contractor=assessment.contractor,
        email="Hanako@yamada.example",
        name="鈴木 花子",
    )

    page.press(**HANAKO)

    assert in_charge(assessment) == known
    assert known.name == "鈴木 花子"
    assert [event.kind for event in Event.objects.all()] == ["assessment.contact_changed"]


def test_that_another_supplier_has_this_person_is_neither_told_nor_touched(page, assessment):
    """The same person may work for two firms; a refusal would tell who else is asked."""
    other = ContactFactory.create(contractor=assessment.contractor, email=HANAKO["email"])

    page.press(**HANAKO)

    assert page.page.address == "/handed-over"
    assert in_charge(assessment) != other
    assert in_charge(assessment).supplier == assessment.supplier


def test_letters_that_have_not_left_are_not_sent_to_who_is_out(page, assessment):
    now, former = timezone.now(), assessment.contact
    for kind in (Occasion.Kind.INVITATION, Occasion.Kind.RECEIPT_COPY):
        owing.owe(assessment, former, kind, now=now)
    [invitation, copy] = Mail.objects.order_by("pk")

    page.press(**HANAKO)

    invitation.refresh_from_db()
    copy.refresh_from_db()
    assert (invitation.outcome, invitation.due_at) == ("dropped", None)
    assert copy.closed_at is None
    assert set(send_mails()) == {HANAKO["email"]}
    assessment.refresh_from_db()
    assert assessment.link_sent_at


def test_a_letter_that_is_just_leaving_gets_no_link_any_more(assessment):
    now = timezone.now()
    owing.owe(assessment, assessment.contact, Occasion.Kind.INVITATION, now=now)
    [leaving] = Mail.objects.select_related("contact").claim(now=now)

    handing_over.hand_over(assessment, Successor("鈴木花子", HANAKO["email"]), now=now)
    carry([leaving], now=now)

    assert not mail.outbox
    with pytest.raises(HandedOver):
        inviting.issue_link(assessment, now=now)


def test_back_and_forth_in_a_day_writes_to_whoever_is_in_charge(assessment):
    former, now = assessment.contact, timezone.now() - timedelta(minutes=2)
    handing_over.hand_over(assessment, Successor("鈴木花子", HANAKO["email"]), now=now)

    handing_over.change(assessment, former, actor=SYSTEM, now=now + timedelta(minutes=1))

    letters = send_mails()
    assert set(letters) == {former.email}
    assert Browser().open(link_in(letters[former.email])).status == 200


def test_the_same_device_serves_the_new_person_too(page, assessment):
    page.press(**HANAKO)
    link = link_in(send_mails()[HANAKO["email"]])

    page.open(link)
    page.press()

    assert page.page.address == at(assessment, "")


def test_another_language_keeps_what_was_typed(page, assessment):
    page.page.fields |= {"name": ["鈴木"], "keep_copy": ["yes"]}

    page.speak("en")

    assert (page.page.value("name"), page.page.value("keep_copy")) == ("鈴木", "yes")
    assert page.page.language == "en"


def test_a_lost_session_keeps_what_was_typed(page, assessment):
    page.lose_cookies()

    page.press(**HANAKO)

    assert page.page.status == 403
    assert page.page.value("department") == "総務部"
    assert in_charge(assessment).email != HANAKO["email"]


def test_what_was_handed_in_is_not_handed_over(assessment):
    browser = come_in(assessment)
    browser.open(at(assessment))
    Entry.objects.update(code_digest="1" * 64)
    type(assessment).objects.update(status=Status.STARTED, started_at=timezone.now())
    type(assessment).objects.update(status=Status.SUBMITTED, submitted_at=timezone.now())

    browser.press(**HANAKO)

    assert browser.page.status == 409
    assert in_charge(assessment).email != HANAKO["email"]


def test_a_late_request_is_handed_over_too(db):
    late = AssessmentFactory.create(status=Status.EXPIRED)
    browser = at_link(late)

    browser.press(**HANAKO)

    assert in_charge(late).email == HANAKO["email"]
    assert late.status == Status.EXPIRED


def test_what_was_typed_by_who_is_out_is_not_kept(assessment):
    old = come_in(assessment)
    old.open(at(assessment, "answers/1"))
    person = Successor("鈴木花子", HANAKO["email"])
    handing_over.hand_over(assessment, person, now=timezone.now())

    old.press(item_1="done")

    assert old.page.status == 410
    assert not Answer.objects.exists()


def test_a_code_of_who_is_out_opens_nothing(answered, mailed_code):
    old = Browser()
    old.open(link_to(answered))
    code = mailed_code(old.press)
    person = Successor("鈴木花子", HANAKO["email"])
    handing_over.hand_over(answered, person, now=timezone.now())

    old.press(code=code)

    assert old.page.status == 410
    assert Entry.objects.get().confirmed_at is None


@pytest.mark.parametrize("way", ["link", "within"])
def test_both_first_pages_lead_to_the_end_of_automatic_mails(way, assessment):
    browser = come_in(assessment) if way == "within" else Browser()
    if way == "link":
        browser.open(link_to(assessment))
    [stop] = [link for link in browser.page.links if link.startswith("/o/")]

    browser.open(stop)
    assert assessment.contact.status == in_charge(assessment).status
    browser.press()

    assert in_charge(assessment).status == Contact.Status.OPTED_OUT
