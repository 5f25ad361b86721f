"""A draft of a campaign, and how its workers go on."""

import pytest
from django.utils import timezone

from assessments import launching
from tests.factories import (
    CampaignFactory,
    UserFactory,
)

URL = "/api/v1/campaigns/"
KEY = {"Idempotency-Key": "one"}
UNFAIR = {"reasons": ["x"], "cost": {"bearer": "supplier", "talks_welcome": False}}


@pytest.fixture
def wanted():
    return {
        "name": "年次の確認",
        "questionnaire": "ipa-self-diagnosis",
        "due_on": "2030-01-31",
        "requirements": {"reasons": ["system_access"]},
    }


@pytest.fixture
def person(contractor):
    return UserFactory.create(contractor=contractor, name="佐藤花子")


@pytest.fixture
def campaign(contractor):
    return CampaignFactory.create(contractor=contractor, suppliers=3)


def address(campaign):
    return f"{URL}{campaign.public_id}/"


def work():
    now = timezone.now()
    while claimed := launching.claim(now=now):
        for operation in claimed:
            launching.go_on(operation, now=now)
