import pytest

from tests.factories import ContractorFactory


@pytest.fixture
def contractor(db):
    return ContractorFactory.create(accepts_by_rule=True)
