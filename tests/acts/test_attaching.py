"""Files are shown beside answers, so many and so much that a person can still look at them."""

import pytest
from django.utils import timezone

from assessments import attaching
from tests.factories import AssessmentFactory, EvidenceFactory

pytestmark = pytest.mark.django_db
MB = 1024 * 1024


@pytest.fixture
def assessment():
    return AssessmentFactory.create()


def file_of(assessment, megabytes):
    return EvidenceFactory.create(
        contractor=assessment.contractor, supplier=assessment.supplier, size=megabytes * MB
    )


def show(assessment, number, *files):
    ids = [each.public_id for each in files]
    return attaching.attach(assessment, number, ids, now=timezone.now())


def test_what_a_request_shows_takes_200_mb_at_most(assessment):
    assert show(assessment, 1, *(file_of(assessment, 20) for _ in range(9)))

    assert not show(assessment, 2, file_of(assessment, 20), file_of(assessment, 1))

    assert assessment.evidence.count() == 9
    assert show(assessment, 2, file_of(assessment, 20))


def test_a_file_that_stands_beside_two_answers_counts_once(assessment):
    files = [file_of(assessment, 20) for _ in range(10)]
    assert show(assessment, 1, *files)

    assert show(assessment, 2, *files)


def test_another_request_to_the_same_supplier_has_its_own_measure(assessment):
    assert show(assessment, 1, *(file_of(assessment, 20) for _ in range(10)))
    other = AssessmentFactory.create(contractor=assessment.contractor, contact=assessment.contact)

    assert show(other, 1, file_of(assessment, 20))


def test_an_answer_shows_20_documents_at_most(assessment):
    files = [file_of(assessment, 1) for _ in range(21)]

    assert not show(assessment, 1, *files)
    assert show(assessment, 1, *files[:20])
