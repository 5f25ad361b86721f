"""A day that is nobody's: what is counted from it would leave the calendar."""

import pytest

from tests.factories import CampaignFactory, ContactFactory

KEY = {"Idempotency-Key": "one"}
FAR = ["9999-12-31", "2100-01-01", "0001-01-01", "1949-12-31"]


def refused(answer, field):
    [error] = answer.json()["errors"]
    return (answer.status_code, error["pointer"], error["code"]) == (400, field, "out-of-range")


@pytest.mark.parametrize("day", FAR)
def test_nobody_is_asked_by_a_day_outside_of_our_time(api, contractor, day):
    contact = ContactFactory.create(contractor=contractor)
    wanted = {"supplier": str(contact.supplier.public_id), "questionnaire": "ipa-self-diagnosis"}

    asked = api.post("/api/v1/assessments/", wanted | {"due_on": day}, headers=KEY)
    later = api.post(
        "/api/v1/assessments/", wanted | {"due_on": "2030-01-31", "implement_by": day}, headers=KEY
    )

    assert refused(asked, "/due_on")
    assert refused(later, "/implement_by")


@pytest.mark.parametrize("day", FAR)
def test_no_campaign_ends_on_one(api, contractor, day):
    campaign = CampaignFactory.create(contractor=contractor)
    path = f"/api/v1/campaigns/{campaign.public_id}/"

    answer = api.patch(path, {"due_on": day}, headers={"If-Match": api.get(path)["ETag"]})

    assert refused(answer, "/due_on")
