"""What was handed in, said and noted is frozen for everybody, the eraser included."""

import pytest
from django.db import DatabaseError, connections, transaction

from retention.models import Erasure
from tests.retention.conftest import NOW, both_talked, handed_in


@pytest.fixture(scope="module")
def everything(shared):
    """A row of each kind, made once: no statement below may change it."""
    assessment = handed_in()
    both_talked(assessment)
    Erasure.objects.create(
        contractor=assessment.contractor, rule="answers", subject_type="assessment",
        subject_id=assessment.public_id, erased_at=NOW,
    )  # fmt: skip


@pytest.mark.django_db(databases=["default", "owner", "eraser"])
@pytest.mark.parametrize("alias", ["default", "owner", "eraser"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_submission SET content = '{}'",
        'UPDATE assessments_submission SET content = content || \'{"erased_at": "now"}\'',
        "UPDATE assessments_submission SET content ="
        " jsonb_build_object('erased_at', 1, 'digest', 'another')",
        "UPDATE assessments_submission SET digest = ''",
        "UPDATE ratings_rating SET score = 100, result = '{\"erased_at\": 1}', inputs = '{}'",
        "UPDATE ratings_rating SET result = '{\"erased_at\": 1}', inputs = '{\"answers\": 1}'",
        "DELETE FROM assessments_submission",
        "DELETE FROM ratings_rating",
        "UPDATE assessments_message SET text = 'Nothing was said.'",
        "UPDATE assessments_message SET side = 'supplier', text = 'erased'",
        "UPDATE assessments_proposal SET measure = 'Less.'",
        "UPDATE assessments_proposal SET cost_estimate_yen = 1",
        "UPDATE assessments_proposal SET state = 'refused', explanation = 'erased'",
        "UPDATE assessments_consultation SET result = jsonb_build_object('erased_at', 1)",
        "UPDATE assessments_consultation SET state = 'closed', result = NULL, digest = ''",
        "DELETE FROM assessments_message",
        "UPDATE events_event SET detail = '{}'",
        "UPDATE retention_erasure SET digests = '[]'",
    ],
)
def test_nobody_changes_what_is_frozen_to_anything_but_nothing(everything, alias, statement):
    with pytest.raises(DatabaseError), transaction.atomic(using=alias):
        connections[alias].cursor().execute(statement)
