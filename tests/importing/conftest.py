import pytest


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
