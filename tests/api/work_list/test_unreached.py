"""Requests of which the contact hears nothing: a letter came back, or could not be sent."""

import pytest

from assessments import handing_over
from assessments.models import Assessment, Mail
from contractors.actors import SYSTEM
from tests.api.work_list.listing import NOW, codes, lose, work
from tests.factories import ContactFactory, ContractorFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("outcome", "reason", "since"),
    [
        ("bounced", "bounced", "2026-11-25T03:00:00Z"),
        ("put-off", "unsent", "2026-11-25T00:00:00Z"),
        ("uncertain", "unsent", "2026-11-25T00:00:00Z"),
    ],
)
def test_a_request_of_which_the_contact_hears_nothing_is_told_with_why(
    api, contractor, outcome, reason, since
):
    asked = lose(contractor, outcome)
    lose(ContractorFactory.create(), outcome)

    [row] = work(api)

    assert (row["id"], row["kind"]) == (str(asked.public_id), "mail")
    assert (codes(row), row["waiting_since"]) == ([reason], since)
    assert (work(api, flag=reason), work(api, flag="phone")) == ([row], [])


@pytest.mark.parametrize("outcome", ["bounced", "put-off"])
def test_it_leaves_the_list_when_somebody_else_is_in_charge_or_it_is_over(api, contractor, outcome):
    changed, ended = lose(contractor, outcome), lose(contractor, outcome)
    known = ContactFactory.create(contractor=contractor, supplier=changed.supplier)

    handing_over.change(changed, known, actor=SYSTEM, now=NOW)
    Assessment.objects.filter(pk=ended.pk).update(status="cancelled")

    assert work(api) == []


def test_it_leaves_the_list_when_a_later_letter_arrives(api, contractor):
    asked = lose(contractor, "put-off")
    Mail.objects.create(contractor=contractor, contact=asked.contact, outcome="sent", closed_at=NOW)

    assert work(api) == []
