"""What a supplier replied to a hold goes like talks; the person's decision stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Hold
from retention import erasing, reporting
from retention.models import Erasure, Rule
from tests.factories import HoldFactory

pytestmark = pytest.mark.usefixtures("committed")

KEPT = datetime(2027, 3, 30, 14, 59, tzinfo=UTC)  # the last minute of the last day in Japan
ENDED = KEPT + timedelta(minutes=1)


@pytest.fixture
def hold():
    """Its last day was 31 March 2020."""
    return HoldFactory.create(supplier_reply="3月末までに直します。")


def test_the_reply_goes_84_months_after_the_last_day_and_the_decision_stays(hold):
    reason = hold.reason
    assert reporting.due_of_all(now=KEPT)["talks"] == 0
    assert erasing.erase_due(now=KEPT)[Rule.TALKS] == 0
    assert reporting.due_of_all(now=ENDED)["talks"] == 1

    assert erasing.erase_due(now=ENDED)[Rule.TALKS] == 1

    hold.refresh_from_db()
    assert (hold.supplier_reply, hold.reason) == ("erased", reason)
    line = Erasure.objects.get(subject_id=hold.public_id)
    assert (line.subject_type, line.rule, line.digests) == ("hold", "talks", [])
    assert erasing.erase_due(now=ENDED)[Rule.TALKS] == 0


def test_of_a_hold_that_was_released_as_well(hold):
    Hold.objects.filter(pk=hold.pk).update(
        released_at=ENDED, released_by=hold.decided_by, release_reason="確認できた。"
    )

    assert erasing.erase_holds(now=ENDED) == 1

    assert Hold.objects.get().supplier_reply == "erased"


def test_the_contractor_s_setting_counts(hold):
    type(hold.contractor).objects.update(talks_kept_months=24)

    assert erasing.erase_holds(now=datetime(2022, 3, 31, 1, tzinfo=UTC)) == 1


def test_who_said_nothing_is_not_due():
    HoldFactory.create()

    assert erasing.erase_holds(now=datetime(2040, 1, 1, tzinfo=UTC)) == 0
    assert not Erasure.objects.exists()


def test_the_report_tells_the_month(api_of, hold):
    told = api_of(hold.contractor).get("/api/v1/retention/").json()

    assert {"kind": "talks", "month": "2027-03", "count": 1, "first": "2027-03-31"} in told[
        "planned"
    ]


def test_nobody_rewrites_what_the_supplier_said(hold):
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(supplier_reply="別の返事")
    with pytest.raises(IntegrityError), transaction.atomic(using="eraser"):
        Hold.objects.using("eraser").filter(pk=hold.pk).update(supplier_reply="別の返事")


@pytest.mark.parametrize("change", [{"reason": "erased"}, {"until_on": date(2020, 4, 1)}])
def test_the_eraser_touches_nothing_else(hold, change):
    with pytest.raises(Exception, match="permission denied"):
        Hold.objects.using("eraser").filter(pk=hold.pk).update(**change)
