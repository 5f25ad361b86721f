"""What a letter costs the database: two statements of its own, whatever shares its claim."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import owing, tasks
from assessments.models import Mail, Occasion
from events.owed import CLAIM
from tests.factories import AssessmentFactory, ContractorFactory

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 12, 15, 1, tzinfo=UTC)  # ten o'clock in Tokyo, three days before
DUE_ON = date(2026, 12, 18)
Kind = Occasion.Kind
CHANGES = {"SELECT", "UPDATE", "INSERT", "DELETE", "WITH"}  # the rest opens and ends transactions


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        (Kind.SECOND_REMINDER, 2),  # is it still as it was read, and how it ended
        (Kind.INVITATION, 3),  # and when its first link was sent
    ],
)
def test_each_further_letter_of_a_claim_costs_the_same_few_statements(kind, most):
    statements("warm", 1, kind)
    one = statements("one", 1, kind)

    many = statements("many", CLAIM - 1, kind)

    assert many - one == most * (CLAIM - 2)


def test_what_letters_share_is_asked_once_a_claim():
    statements("warm", 1, Kind.SECOND_REMINDER)

    assert statements("one", 1, Kind.SECOND_REMINDER) <= 16


def statements(code, count, kind):
    contractor = ContractorFactory.create()
    for number in range(count):
        asked = AssessmentFactory.create(
            contractor=contractor,
            number=1 + number,
            due_on=DUE_ON,
            requested_at=MORNING - timedelta(days=14),
        )
        owing.owe(asked, asked.contact, kind, now=MORNING)
    Mail.objects.filter(due_at__gt=MORNING).update(due_at=MORNING)
    with CaptureQueriesContext(connection) as taken:
        tasks.send_mail(now=MORNING.isoformat())
    assert Mail.objects.filter(outcome="sent", contractor=contractor).count() == count
    return sum(query["sql"].split()[0] in CHANGES for query in taken)
