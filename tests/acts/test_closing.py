"""The contractor's person hears once how far a campaign came when it has ended."""

from datetime import timedelta

import pytest
from django.core import mail as outbox

from assessments import alerting, announcing
from assessments.models import Assessment, Notice
from tests.acts.campaigning import TUESDAY, launch, settle, work
from tests.factories import CampaignFactory

pytestmark = pytest.mark.django_db

END = TUESDAY + timedelta(minutes=22)


def send(now):
    before = len(outbox.outbox)
    for notice in Notice.objects.select_related("person", "contractor").claim(now=now):
        alerting.send(notice, now=now)
    return outbox.outbox[before:]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", ["キャンペーンの終了", "■お願いした取引先 2社", "■期限が切れた 2社"]),
        ("en", ["the campaign has ended", "Asked: 2", "Expired: 2"]),
    ],
)
def test_the_person_hears_once_how_far_it_came(language, said):
    campaign = CampaignFactory.create(suppliers=2, contractor__language=language)
    launch(campaign)
    settle(TUESDAY)
    work()
    assert send(END) == []
    Assessment.objects.update(status="expired", remind_at=None)

    settle(END)
    announcing.close(campaign, now=END)

    [letter] = send(END)
    assert letter.to == [campaign.contractor.reply_to]
    assert f"/api/v1/campaigns/{campaign.public_id}/" in letter.body
    assert letter.body.count("://") == 1
    for words in said:
        assert words in letter.subject + letter.body
