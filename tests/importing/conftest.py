import pytest

from tests.importing.companies import of


@pytest.fixture
def finished(api, strike):
    """The operation after the workers have done what they can."""

    def finished(answer):
        assert answer.status_code == 202, answer.json()
        strike()
        operation = api.get(answer["Location"])
        assert operation.status_code == 200
        return operation.json()

    return finished


@pytest.fixture
def imported(api, finished):
    """The operation of a sheet that went in."""

    def imported(*rows, **options):
        ended = finished(of(api, *rows, **options))
        assert ended["status"] == "succeeded", ended
        return ended

    return imported


@pytest.fixture
def undo(api):
    def undo(operation, *, dry_run=False, **body):
        query = "?dry_run=true" if dry_run else ""
        return api.post(f"/api/v1/operations/{operation['id']}/undo/{query}", body, "json")

    return undo
