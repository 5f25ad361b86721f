import pytest
from django.utils import timezone

from assessments import asking, inviting
from assessments.errors import ProfileIncomplete, WrongStatus
from assessments.models import Link, Status
from contractors.actors import SYSTEM
from contractors.models import Contractor
from events.models import Event
from tests.factories import AssessmentFactory

pytestmark = pytest.mark.django_db


def test_cancel_revokes_every_link_and_cannot_be_repeated():
    assessment, now = AssessmentFactory.create(), timezone.now()
    token = inviting.issue_link(assessment, now=now).rpartition("/")[2]
    assert inviting.find(token) == assessment

    cancelled = asking.cancel(assessment, reason="", actor=SYSTEM, now=now)

    assert cancelled.status == Status.CANCELLED
    assert inviting.find(token) is None
    assert Link.objects.get().revoked_at
    with pytest.raises(WrongStatus):
        asking.cancel(assessment, reason="", actor=SYSTEM, now=now)


def test_a_contractor_that_does_not_say_who_it_is_cannot_send():
    draft = AssessmentFactory.create(status=Status.DRAFT)
    Contractor.objects.update(phone="")

    with pytest.raises(ProfileIncomplete) as refused:
        asking.send(draft, actor=SYSTEM, now=timezone.now())

    assert refused.value.more == {"missing": ["phone"]}
    assert not Event.objects.exists()
