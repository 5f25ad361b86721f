"""`manage.py mail_plan` explains what was, is and will be written about a request, and why not."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments import announcing, consulting, owing, planning
from assessments.models import Assessment, Consultation, Mail, Occasion, Status
from assessments.speaking import Matter
from suppliers import opting_out
from tests.acts.test_consulting import THEY
from tests.factories import AssessmentFactory
from tests.sending import carry

pytestmark = pytest.mark.django_db

INVITED = datetime(2027, 1, 12, 1, tzinfo=UTC)  # ten in the morning in Tokyo, a Tuesday
DUE = date(2027, 2, 15)
Kind = Occasion.Kind


@pytest.fixture
def asked():
    return AssessmentFactory.create(number=40, due_on=DUE, requested_at=INVITED)


def write(assessment, kind, now=INVITED):
    owing.owe(assessment, assessment.contact, kind, now=now)
    carry(Mail.objects.select_related("contact").claim(now=now), now=now)


def told(assessment, now=INVITED):
    """Kind, outcome and reason of each line."""
    assessment.refresh_from_db()
    return [(line.kind, line.outcome, line.reason) for line in planning.plan(assessment, now=now)]


def command(assessment, *options):
    out = StringIO()
    call_command("mail_plan", "--assessment", str(assessment.public_id), *options, stdout=out)
    return out.getvalue()


def test_what_left_and_what_is_to_come_is_told_in_order(asked):
    write(asked, Kind.INVITATION)

    assert told(asked) == [
        ("invitation", "sent", ""),
        ("first_reminder", "planned", ""),
        ("second_reminder", "planned", ""),
        ("after_due", "planned", ""),
        ("phone", "planned", ""),
    ]


def test_the_days_of_what_is_to_come_are_business_days_of_japan(asked):
    days = [line.at.date() for line in planning.plan(asked, now=INVITED)]

    # Counted over the birthday of the emperor, 23 February, none of which matters before the 16th.
    assert days == [date(2027, 1, 21), date(2027, 2, 9), date(2027, 2, 16), date(2027, 2, 18)]


def hand_in(asked):
    for status in (Status.STARTED, Status.SUBMITTED):
        Assessment.objects.filter(pk=asked.pk).update(
            status=status, started_at=INVITED, submitted_at=INVITED
        )


def ask(asked):
    matter = Matter(Consultation.Kind.QUESTION, "質問です。", [])
    consulting.start(asked, matter, voice=THEY, now=INVITED)


@pytest.mark.parametrize(("act", "reason"), [(hand_in, "submitted"), (ask, "talks")])
def test_what_would_not_leave_as_things_stand_says_why(asked, act, reason):
    act(asked)

    planned = [each for each in told(asked) if each[1] == "planned"]

    assert [each[2] for each in planned] == [reason] * 4


def test_who_wants_no_mails_is_phoned_all_the_same(asked):
    opting_out.opt_out(asked.contact, now=INVITED)

    assert [each[2] for each in told(asked)] == ["opted_out"] * 3 + [""]


def test_what_was_dropped_says_why(asked):
    hand_in(asked)
    write(asked, Kind.AFTER_DUE)

    assert ("after_due", "dropped", "submitted") in told(asked)


def test_what_was_given_up_and_what_is_put_off_are_told_apart(asked):
    owing.owe(asked, asked.contact, Kind.INVITATION, now=INVITED)
    assert ("invitation", "owed", "") in told(asked)

    Mail.objects.update(outcome="put-off")
    assert ("invitation", "put-off", "") in told(asked)

    Mail.objects.update(due_at=None)
    assert ("invitation", "given-up", "") in told(asked, now=datetime.now(UTC))


def test_a_call_that_is_asked_for_stands_in_the_plan(asked):
    later = datetime(2027, 2, 18, 2, tzinfo=UTC)
    announcing.escalate([asked], now=later)

    assert told(asked, now=later) == [("phone", "owed", "")]


def test_more_letters_than_may_be_are_not_planned(asked):
    write(asked, Kind.INVITATION)
    Occasion.objects.create(
        contractor=asked.contractor, assessment=asked, mail=Mail.objects.get(),
        kind=Kind.FIRST_REMINDER, arose_on=INVITED.date(),
    )  # fmt: skip

    reasons = [each[2] for each in told(asked) if each[1] == "planned"]

    assert reasons == ["", "", "capped", ""]


def test_the_command_shows_no_address_unless_asked(asked):
    write(asked, Kind.INVITATION)

    quiet, open_ = command(asked), command(asked, "--addresses")

    assert "invitation" in quiet
    assert str(asked.contact.public_id) in quiet
    assert "@" not in quiet
    assert asked.contact.email in open_
    assert len(quiet.splitlines()) == 5


def test_the_plan_of_another_day_is_shown_where_the_clock_may_be_moved(asked, settings):
    write(asked, Kind.INVITATION)
    settings.ALLOW_CLOCK = True

    late = command(asked, "--now", "2027-06-01T10:00:00+09:00")

    assert [line.split()[1] for line in late.splitlines()] == ["invitation"]


def test_the_clock_is_not_moved_in_use(asked):
    with pytest.raises(CommandError, match="ALLOW_CLOCK"):
        command(asked, "--now", "2027-06-01T10:00:00+09:00")


def test_programs_and_people_get_the_reason_as_a_code_and_as_a_sentence(asked):
    opting_out.opt_out(asked.contact, now=INVITED)
    write(asked, Kind.INVITATION)

    [line, *_] = json.loads(command(asked, "--json", "--language", "en"))

    assert (line["outcome"], line["reason"]) == ("dropped", "opted_out")
    assert line["sentence"] == "The person wants no more mails."
    assert line["at"] == "2027-01-12T10:00+09:00"
    assert "address" not in line
    assert "opted_out: この方はメールを希望していません。" in command(asked)


@pytest.mark.parametrize("wrong", ["x", "01a21400-0000-7000-8000-000000000000"])
def test_an_id_that_nothing_has_is_refused(wrong):
    with pytest.raises(CommandError, match="public id"):
        call_command("mail_plan", "--assessment", wrong)
