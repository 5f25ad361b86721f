"""Holders of certificates are written to: in business hours, at most three times, once each."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments import lettering, notifying, wording
from assessments.models import Assessment, Mail, Occasion, Status
from suppliers.models import Certification, Contact, State, Supplier
from tests.factories import AssessmentFactory, CertificationFactory, ContactFactory
from tests.sending import carry

pytestmark = pytest.mark.django_db

LAST = date(2026, 12, 31)
TUESDAY = datetime(2026, 12, 15, 1, tzinfo=UTC)  # ten in the morning in Tokyo
NIGHT = datetime(2026, 12, 14, 15, 5, tzinfo=UTC)  # five past midnight there
OVER = datetime(2027, 1, 5, 1, tzinfo=UTC)  # the first business day of the year
LINK = "https://tasuki.example/r/" + "x" * 43


@pytest.fixture
def contact():
    return ContactFactory.create(contractor__hours="平日9時〜17時")


def hold(contact, letter="expiring", at=TUESDAY, **fields):
    return CertificationFactory.create(
        contractor=contact.contractor,
        supplier=contact.supplier,
        letter=letter,
        letter_due_at=at,
        **{"valid_until": LAST, "state": State.VERIFIED} | fields,
    )


def owe_again(row, letter, at):
    Certification.objects.filter(pk=row.pk).update(letter=letter, letter_due_at=at)


def send(mailoutbox, now=TUESDAY):
    now += timedelta(minutes=30)  # when the letters of that moment have left
    carry(Mail.objects.select_related("contact").claim(now=now), now=now)
    return mailoutbox


def test_a_letter_is_written_once_and_sent(contact, mailoutbox):
    row = hold(contact)

    assert notifying.write_due(now=TUESDAY) == 1
    assert notifying.write_due(now=TUESDAY) == 0
    [letter] = send(mailoutbox)

    occasion = Occasion.objects.get()
    assert (occasion.certification, occasion.assessment) == (row, None)
    assert occasion.kind == "certificate_expiring"
    assert letter.to == [contact.email]
    assert letter.reply_to == [contact.contractor.reply_to]
    assert "プライバシーマーク" in letter.subject.replace("PrivacyMark", "プライバシーマーク")
    assert "10123456(05)" in letter.body
    assert "2026年12月31日" in letter.body
    assert "http" not in letter.body
    row.refresh_from_db()
    assert (row.letter, row.letter_due_at) == ("", None)


def test_what_is_owed_again_on_the_same_day_is_not_written_twice_and_stops_nobody(contact):
    row, other = hold(contact), ContactFactory.create(contractor=contact.contractor)
    notifying.write_due(now=TUESDAY)
    owe_again(row, "expiring", TUESDAY)
    hold(other)

    assert notifying.write_due(now=TUESDAY) == 2
    assert notifying.write_due(now=TUESDAY) == 0

    assert Occasion.objects.filter(certification=row).count() == 1
    assert Mail.objects.filter(contact=other).count() == 1


def test_letters_about_many_certificates_take_as_many_queries_as_about_one(contact):
    def write(count):
        for _ in range(count):
            holder = ContactFactory.create(contractor=contact.contractor)
            hold(holder)
        with CaptureQueriesContext(connection) as asked:
            assert notifying.write_due(now=TUESDAY) == count
        return len(asked)

    few, many = write(1), write(7)

    assert (few, Mail.objects.count()) == (many, 8)
    assert Mail.objects.values("contact").distinct().count() == 8


def test_at_night_and_on_holidays_it_waits_for_the_next_opening(contact):
    row = hold(contact, at=NIGHT)

    notifying.write_due(now=NIGHT)

    row.refresh_from_db()
    assert not Mail.objects.exists()
    assert row.letter_due_at == TUESDAY
    notifying.write_due(now=row.letter_due_at)
    assert Mail.objects.count() == 1


def test_its_link_is_that_of_the_newest_living_request(contact, mailoutbox):
    fields = {"contractor": contact.contractor, "contact": contact}
    AssessmentFactory.create(**fields, status=Status.CANCELLED)
    newest = AssessmentFactory.create(**fields)
    hold(contact)

    notifying.write_due(now=TUESDAY)
    [letter] = send(mailoutbox)

    assert len(re.findall(r"http\S+", letter.body)) == 1
    assert newest.links.count() == 1
    assert letter.extra_headers["References"] != str(newest.public_id)


def test_a_link_is_sent_to_its_own_contact_only(contact, mailoutbox):
    hold(contact)
    notifying.write_due(now=TUESDAY)
    other = ContactFactory.create(contractor=contact.contractor, supplier=contact.supplier)
    asked = AssessmentFactory.create(contractor=contact.contractor, contact=other)

    [letter] = send(mailoutbox)

    assert letter.to == [contact.email]
    assert "http" not in letter.body
    assert not asked.links.exists()


@pytest.mark.parametrize("between", ["writing", "sending"])
@pytest.mark.parametrize("gone", ["bounced", "archived", "withdrawn", "renewed", "prolonged"])
def test_what_is_settled_meanwhile_needs_no_letter(contact, gone, between, mailoutbox):
    row = hold(contact, letter="expired", at=OVER)
    if between == "sending":
        notifying.write_due(now=OVER)
    match gone:
        case "bounced":
            Contact.objects.update(status="bounced")
        case "archived":
            Supplier.objects.update(status="archived")
        case "withdrawn":
            Certification.objects.update(state=State.WITHDRAWN)
        case "renewed":
            hold(contact, letter="", at=None, follows=row, valid_until=None)
        case "prolonged":
            Certification.objects.update(valid_until=LAST + timedelta(days=400))

    notifying.write_due(now=OVER)

    assert send(mailoutbox, OVER) == []
    assert set(Mail.objects.values_list("outcome", flat=True)) <= {"dropped"}
    assert Mail.objects.count() == (between == "sending")


def test_there_are_three_letters_at_most_about_one_end(contact):
    row = hold(contact, letter="", at=None)

    for count in range(6):
        now = TUESDAY + timedelta(days=count % 3, weeks=count // 3)
        owe_again(row, "expiring", now)
        notifying.write_due(now=now)

    assert Occasion.objects.count() == Mail.objects.count() == 3


def test_a_declaration_is_asked_about_each_year(contact, mailoutbox):
    row = hold(
        contact, "reconfirm", scheme="security_action_2", number="40123456789",
        valid_until=None, reconfirm_on=date(2026, 12, 1),
    )  # fmt: skip

    for year in range(5):
        now = TUESDAY + timedelta(weeks=52 * year)
        owe_again(row, "reconfirm", now)
        notifying.write_due(now=now)
        send(mailoutbox, now)

    assert len(mailoutbox) == 5
    assert "宣言" in mailoutbox[0].subject
    assert "取得" not in mailoutbox[0].body


def test_a_mailbox_that_does_not_exist_is_known_afterwards(contact, mailbox):
    mailbox.refused[contact.email] = "550 no such user"
    hold(contact)
    notifying.write_due(now=TUESDAY)

    send([])

    contact.refresh_from_db()
    assert contact.status == Contact.Status.BOUNCED


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "name", ["みなと精機株式会社", "とても長い名前の会社" * 12, "A long name " * 9]
)
@pytest.mark.parametrize("link", ["", LINK])
@pytest.mark.parametrize("kind", [kind for kind in Occasion.Kind if "certificate" in kind])
def test_letters_have_short_lines_one_link_and_no_leftovers(language, name, link, kind):
    contact = ContactFactory.create(contractor__name=name, language=language)
    row = hold(contact, scheme="isms", number="http://evil.example/ IS 1234")

    letter = lettering.about(row, contact, kind, link=link)

    assert wording.width(letter.subject) <= 60
    assert letter.subject[0] in "【["
    for line in letter.body.splitlines():
        assert wording.width(line) <= 70 or line == LINK, line
    assert re.findall(r"https?://\S+", letter.body) == ([link] if link else [])
    text = letter.subject + letter.body
    assert not re.search(r"[{}]|&[a-z]+;|&#|None|\n{3,}", text), text
    assert not re.search(
        "重要|至急|督促|必ず|下請|審査|監査|SECURITY ACTION[^。]*(認定|取得)", text
    )


def test_an_occasion_has_one_subject(contact):
    mail = Mail.objects.create(contractor=contact.contractor, contact=contact)
    row, asked = hold(contact), AssessmentFactory.create()
    for subjects in ({}, {"certification": row, "assessment": asked}):
        with pytest.raises(IntegrityError, match="one_subject"), transaction.atomic():
            Occasion.objects.create(
                contractor=contact.contractor, mail=mail, kind="receipt", arose_on=LAST, **subjects
            )
    assert Assessment.objects.count() == 1
