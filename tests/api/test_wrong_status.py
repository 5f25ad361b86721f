"""Every act of the contractor in every status that does not allow it: told, and nothing done."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Assessment, Status
from events.models import Event
from tests.factories import AssessmentFactory, ContactFactory, UserFactory
from tests.properties.model import ACTS, OPEN, TALKABLE

pytestmark = pytest.mark.django_db

ALLOWED = {act: ACTS[act][0] for act in ("send", "accept", "return", "reopen", "cancel", "remind")}
ALLOWED |= {"extend": ACTS["extend"][0], "change-contact": OPEN, "consultation": TALKABLE}


@pytest.fixture
def api(contractor, api_of):
    return api_of(contractor, user=UserFactory.create(contractor=contractor))


def body(act, row):
    """What the act would take in the right status."""
    later = str(timezone.localdate() + timedelta(days=60))
    bodies = {
        "return": {"items": [{"number": 3, "question": "対象はどれですか。"}], "due_on": later},
        "cancel": {"reason": "取引の終了"},
        "extend": {"due_on": later, "reason": "年末のため"},
        "consultation": {"topics": ["cost"], "text": "費用を相談させてください。"},
    }
    if act == "change-contact":
        other = ContactFactory.create(contractor=row.contractor, supplier=row.supplier)
        return {"contact": f"{other.public_id}"}
    return bodies.get(act, {})


def all_of(row):
    return Assessment.objects.filter(pk=row.pk).values().get(), Event.objects.count()


@pytest.mark.parametrize("status", [each.value for each in Status])
def test_what_is_not_allowed_is_told_with_where_it_is(status, api, contractor):
    row = AssessmentFactory.create(contractor=contractor, status=status)
    for act in (act for act, allowed in ALLOWED.items() if status not in allowed):
        wanted, before = body(act, row), all_of(row)
        key = {"Idempotency-Key": f"{uuid.uuid4()}"}

        answer = api.post(f"/api/v1/assessments/{row.public_id}/{act}/", wanted, headers=key)

        assert (answer.status_code, answer.json()["code"]) == (409, "wrong-status"), act
        assert answer.json()["allowed"] == sorted(ALLOWED[act]), act
        assert all_of(row) == before, act


def test_each_act_is_refused_somewhere_and_allowed_somewhere():
    for allowed in ALLOWED.values():
        assert set() < allowed < set(Status)
