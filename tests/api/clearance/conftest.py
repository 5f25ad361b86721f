import pytest
from django.utils import timezone

from tests.api.clearance.asking import KNOWN
from tests.factories import SupplierFactory, UserFactory


@pytest.fixture
def person(contractor):
    return UserFactory.create(contractor=contractor)


@pytest.fixture
def api(contractor, api_of, person):
    return api_of(contractor, user=person)


@pytest.fixture
def supplier(contractor):
    """Never asked; its exposure is known."""
    return SupplierFactory.create(contractor=contractor, **KNOWN)


@pytest.fixture
def at(monkeypatch):
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)
