"""A letter that says nothing true any more does not leave, and why is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox

from assessments import (
    asking,
    consulting,
    declining,
    mailing,
    owing,
    rechecking,
    urging,
)
from assessments.models import Assessment, Consultation, DeclineReason, Mail, Occasion, Status
from assessments.reasons import Reason
from assessments.refreshing import Reading
from assessments.speaking import Matter
from contractors.actors import SYSTEM
from suppliers import opting_out
from suppliers.models import Contact, Supplier
from tests.acts.test_consulting import THEY
from tests.factories import AssessmentFactory, CertificationFactory, ContactFactory
from tests.sending import carry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
YESTERDAY = date(2026, 11, 24)
TOMORROW = NOW + timedelta(days=1)
LATER = datetime(2026, 12, 10, 1, tzinfo=UTC)
Kind = Occasion.Kind


@pytest.fixture
def asked():
    return AssessmentFactory.create(number=9001, due_on=date(2027, 1, 29))


def attempt(assessment, kind=Kind.AFTER_DUE, act=lambda assessment: None):
    """Owe it, let something happen, try to send it: how that ended, and why."""
    owing.owe(assessment, assessment.contact, kind, now=NOW)
    act(assessment)
    carry(
        Mail.objects.select_related("contact").filter(contact=assessment.contact).claim(now=NOW),
        now=NOW,
    )
    occasion = Occasion.objects.select_related("mail").get(assessment=assessment, kind=kind)
    return occasion.mail.outcome, occasion.left_out


def archive(asked):
    Supplier.objects.filter(pk=asked.supplier_id).update(status=Supplier.Status.ARCHIVED)


def bounce(asked):
    Contact.objects.filter(pk=asked.contact_id).update(status=Contact.Status.BOUNCED)


def opt_out(asked):
    opting_out.opt_out(asked.contact, now=NOW)


def submit(asked):
    for status in (Status.STARTED, Status.SUBMITTED):
        Assessment.objects.filter(pk=asked.pk).update(
            status=status, started_at=NOW, submitted_at=NOW
        )


def decline(asked):
    declining.decline(asked, reason=DeclineReason.NO_TRADE, note="", now=NOW)


def cancel(asked):
    asking.cancel(asked, reason="", actor=SYSTEM, now=NOW)


def talk(asked):
    consulting.start(asked, Matter(Consultation.Kind.TALKS, "相談", ["cost"]), voice=THEY, now=NOW)


def ignore(asked):
    talk(asked)
    urging.write_due(now=LATER)


def hand_over(asked):
    other = ContactFactory.create(contractor=asked.contractor, supplier=asked.supplier)
    Assessment.objects.filter(pk=asked.pk).update(contact=other)


HAPPENINGS = pytest.mark.parametrize(
    ("act", "reason"),
    [
        (archive, Reason.ARCHIVED),
        (bounce, Reason.BOUNCED),
        (opt_out, Reason.OPTED_OUT),
        (submit, Reason.SUBMITTED),
        (decline, Reason.DECLINED),
        (cancel, Reason.CANCELLED),
        (talk, Reason.TALKS),
        (ignore, Reason.UNANSWERED),
        (hand_over, Reason.HANDED_OVER),
    ],
)


@HAPPENINGS
def test_what_happens_while_the_letters_before_it_leave_stops_a_letter_too(act, reason):
    asked = AssessmentFactory.create(due_on=YESTERDAY, requested_at=NOW - timedelta(days=23))
    owing.owe(asked, asked.contact, Kind.AFTER_DUE, now=NOW)
    claimed = Mail.objects.select_related("contact").claim(now=NOW)
    [mail], send = mailing.begin(claimed, now=NOW)

    act(asked)
    send(mail, now=NOW)

    assert outbox.outbox == []
    occasion = Occasion.objects.select_related("mail").get(assessment=asked, kind=Kind.AFTER_DUE)
    assert (occasion.mail.outcome, occasion.left_out) == ("dropped", reason)


@HAPPENINGS
def test_what_happened_a_moment_before_stops_the_letter_and_is_kept(asked, act, reason):
    assert attempt(asked, act=act) == ("dropped", reason)
    assert outbox.outbox == []


def test_a_letter_that_leaves_leaves_nothing_out(asked):
    assert attempt(asked, Kind.EXTENDED) == ("sent", "")


def test_what_was_owed_to_the_former_person_alone_is_dropped_at_once(asked):
    owing.owe(asked, asked.contact, Kind.AFTER_DUE, now=NOW)

    owing.drop(asked, asked.contact, now=NOW)

    [occasion] = asked.occasions.select_related("mail")
    assert (occasion.mail.outcome, occasion.left_out) == ("dropped", Reason.HANDED_OVER)


def test_a_letter_about_two_requests_still_leaves_for_the_other(asked):
    other = AssessmentFactory.create(
        contractor=asked.contractor, contact=asked.contact, number=9002
    )
    for each in (asked, other):
        owing.owe(each, each.contact, Kind.EXTENDED, now=NOW)
    mail = asked.occasions.get().mail
    Occasion.objects.update(mail=mail)

    owing.drop(asked, asked.contact, now=NOW)

    mail.refresh_from_db()
    assert mail.closed_at is None
    [occasion] = rechecking.true_occasions(Reading([mail]).of(mail), {}, now=NOW)
    assert occasion.assessment_id == other.pk


def test_who_waits_for_an_answer_is_not_reminded_of_a_certificate_either(asked):
    kept = about_certificate(asked.contact)
    assert rechecking.true_occasions(Reading([kept]).of(kept), {}, now=TOMORROW) != []
    ignore(asked)

    assert rechecking.true_occasions(Reading([kept]).of(kept), {}, now=TOMORROW) == []
    assert Occasion.objects.get(mail=kept).left_out == Reason.UNANSWERED


def test_a_certificate_that_was_renewed_is_not_written_about():
    mail = about_certificate(ContactFactory.create())

    assert (
        rechecking.true_occasions(Reading([mail]).of(mail), {}, now=NOW - timedelta(days=1)) == []
    )
    assert Occasion.objects.get().left_out == Reason.OUTDATED


def about_certificate(contact):
    """A letter that is owed on the day after the last one of a certificate."""
    row = CertificationFactory.create(
        contractor=contact.contractor, supplier=contact.supplier, valid_until=NOW.date()
    )
    mail = Mail.objects.create(contractor=contact.contractor, contact=contact, due_at=NOW)
    Occasion.objects.create(
        contractor=contact.contractor,
        certification=row,
        mail=mail,
        kind=Kind.CERTIFICATE_EXPIRED,
        arose_on=NOW.date(),
    )
    return mail
