"""Rows of the caller's own for every route."""

from collections.abc import Callable

import pytest

from contractors.models import Contractor
from tests.calling import Caller
from tests.contracts.rows import Rows
from tests.contracts.walking import Route
from tests.factories import UserFactory


@pytest.fixture
def api(contractor: Contractor, api_of: Callable[..., Caller]) -> Caller:
    """A key that may do everything: with all scopes, and bound to a person."""
    return api_of(contractor, user=UserFactory.create(contractor=contractor))


@pytest.fixture
def rows(contractor) -> Rows:
    return Rows(contractor)


@pytest.fixture
def own(rows) -> Callable[[Route], str]:
    """The address of a route with a row of the caller's own behind each id."""
    return lambda route: route.address(**rows.ids(route))
